"""What rendering makes of an HTML body."""

from dataclasses import dataclass, field
from typing import NamedTuple


class Line(NamedTuple):
    """One line of a rendered body. `quoted` is True where the markup says that it is not the writer's own."""

    text: str
    quoted: bool = False
    depth: int = 0


@dataclass(slots=True)
class Rendering:
    """Lines of an HTML body, and the text in it that nobody would have seen."""

    lines: list[Line] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)
    is_cut: bool = False

    @property
    def text(self) -> str:
        """The lines as plain text, quotes marked with `> ` as in mail."""
        return "\n".join("> " * min(line.depth, 5) + line.text if line.depth else line.text for line in self.lines)
