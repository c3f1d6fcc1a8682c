"""Foreign HTML and plain text -> markdown that our own reader gives back as the same words.

Nothing of the HTML is passed on: the tree is walked, what is known becomes markdown, and the text between is escaped.
A paragraph in which a sign might be taken for markup is read again; where that gives other words than the tree has, it
goes without its emphasis, then without its links. The words are never changed.
"""

from broadsheet.importing.markup.address import link, without_tracking
from broadsheet.importing.markup.signs import escape
from broadsheet.importing.markup.writer import Text, blocks, credit_of

__all__ = ["Text", "blocks", "credit_of", "escape", "link", "without_tracking"]
