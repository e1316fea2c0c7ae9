"""Auto-send as its pages and the frame show it: how far each category has come, what must happen next, and what stands against it."""
