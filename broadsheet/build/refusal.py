"""Why the output was not written: the problems of publishing, and the exception that carries one of them."""

from __future__ import annotations

from broadsheet.problem import Problem


class PublishError(Exception):
    """The output cannot be written; carries the problem. The published site is as it was, unless `is_unfinished`."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.problem = problem

    @property
    def is_unfinished(self) -> bool:
        """Some files of the new site are in place, some are not; each is whole, and the next build moves the rest."""
        return self.problem.rule == "output/unfinished"


def not_writable(output: str, error: OSError, place: str | None = None) -> PublishError:
    """The system said no before anything was moved. `place` is the file that was to be written, where it is known."""
    message = f"'{place or error.filename or output}' cannot be written: {error.strerror or error}"
    remedy = "Make room, or look at its permissions, or name another folder with --output"
    return PublishError(Problem(output, 1, 1, "output/not-writable", message, remedy))


def unfinished(output: str, error: OSError) -> PublishError:
    """The system said no while files were being moved."""
    message = f"the site is part old and part new: '{error.filename or output}': {error.strerror or error}"
    remedy = "Mend that and build again, which first moves what is left; every file is whole meanwhile"
    return PublishError(Problem(output, 1, 1, "output/unfinished", message, remedy))


def not_ours(output: str, name: str) -> PublishError:
    """Something stands where a file is to be written, and the manifest does not list it."""
    message = f"'{name}' is in the way, and was not made by Broadsheet"
    remedy = "Move it away, or name another folder"
    return PublishError(Problem(output, 1, 1, "output/not-ours", message, remedy))


def leads_out(output: str, folder: str) -> PublishError:
    """A folder is a link to one outside."""
    message = f"'{folder}' leads out of the output through a link"
    return PublishError(Problem(output, 1, 1, "output/link", message, "Remove the link"))
