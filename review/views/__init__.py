"""The views of the desk: guards on top, one call, one page."""
