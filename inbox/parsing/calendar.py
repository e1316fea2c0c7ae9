"""What an invitation says (RFC 5545), as text for a mail that has no other."""

import re

_FIELDS = {"SUMMARY": "", "DTSTART": "Begins", "DTEND": "Ends", "LOCATION": "Where", "ORGANIZER": "From", "DESCRIPTION": ""}
_LINE = re.compile(r"^(?P<name>[A-Z-]+)(?P<parameters>(?:;[^:\n]*)?):(?P<value>.*)$", re.IGNORECASE | re.MULTILINE)
_MOMENT = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)\d\d(Z?))?$")
_ESCAPES = {"\\n": "\n", "\\N": "\n", "\\,": ",", "\\;": ";", "\\\\": "\\"}
_MOST = 200


def read_calendar(text: str) -> str:
    """Title, time, place, organizer and description of the events of a calendar part, a line each; "" if there is none."""
    unfolded = re.sub(r"\r?\n[ \t]", "", text)
    lines: list[str] = []
    inside = False
    for found in _LINE.finditer(unfolded):
        name, value = found["name"].upper(), found["value"].strip()
        if name in {"BEGIN", "END"}:
            inside = name == "BEGIN" and value.upper() in {"VEVENT", "VTODO", "VJOURNAL"}
        elif inside and name in _FIELDS and value and len(lines) < _MOST:
            lines.append((f"{_FIELDS[name]}: " if _FIELDS[name] else "") + _shown(name, value, found["parameters"]))
    return "\n".join(lines)


def _shown(name: str, value: str, parameters: str) -> str:
    moment = _MOMENT.match(value) if name.startswith("DT") else None
    if moment:
        year, month, day, hour, minute, utc = moment.groups()
        zone = re.search(r"TZID=\"?([^;:\"]+)", parameters, re.IGNORECASE)
        named = " UTC" if utc else f" {zone[1]}" if zone else ""
        return f"{year}-{month}-{day}" + (f" {hour}:{minute}{named}" if hour else "")
    if name == "ORGANIZER":
        return re.sub(r"^mailto:", "", value, flags=re.IGNORECASE)
    return re.sub(r"\\[nN,;\\]", lambda found: _ESCAPES[found[0]], value)
