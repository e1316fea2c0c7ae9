"""HTML mail to lines of text: paragraphs, lists, table rows and links kept, hidden text set apart, quotes marked."""

from inbox.html.lines import Line, Rendering
from inbox.html.rendering import render, shorten

__all__ = ["Line", "Rendering", "render", "shorten"]
