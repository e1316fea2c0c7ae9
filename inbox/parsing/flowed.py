"""format=flowed (RFC 3676): soft line breaks undone, per quote level."""

import re

_LEVEL = re.compile(r"^>*")


def unflow(text: str, parameters: dict[str, str]) -> str:
    """Text with its soft breaks joined if the part says that it is flowed, else as it is."""
    if parameters.get("format", "").lower() != "flowed":
        return text
    delete_space = parameters.get("delsp", "").lower() == "yes"
    out: list[list[str]] = []
    level_before, open_line = 0, False
    for line in text.split("\n"):
        level = len(_LEVEL.match(line)[0])  # type: ignore[index]
        content = line[level:].removeprefix(" ")
        flows = content.endswith(" ") and content != "-- "
        content_here = content[:-1] if flows and delete_space else content
        if open_line and level == level_before and content != "-- ":
            out[-1].append(content_here)
        else:
            out.append([(">" * level + " " if level else "") + content_here])
        level_before, open_line = level, flows
    return "\n".join(map("".join, out))
