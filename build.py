#!/usr/bin/env python3
"""Build the site in this folder: `python build.py`. With a verb it does what the `broadsheet` command does."""

import sys

if __name__ == "__main__":
    try:
        from broadsheet.cli import main

        sys.exit(main())
    except ModuleNotFoundError as error:  # a verb imports what it needs when it runs
        if error.name is None or error.name.split(".")[0] == "broadsheet":
            raise
        sys.exit(
            f"Broadsheet needs the library '{error.name}'. Install what it needs and try again:\n"
            f"  {sys.executable} -m pip install -r requirements.txt"
        )
