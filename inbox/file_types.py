"""What a file is, by its first bytes, and which files no mail should carry. Pure."""

import mimetypes

UNKNOWN = "application/octet-stream"
_STARTS = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"BM", "image/bmp"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"%PDF-", "application/pdf"),
    (b"{\\rtf", "application/rtf"),
    (b"PK\x03\x04", "application/zip"),
    (b"PK\x05\x06", "application/zip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    (b"\x1f\x8b", "application/gzip"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"Rar!\x1a\x07", "application/vnd.rar"),
    (b"ID3", "audio/mpeg"),
    (b"\xff\xfb", "audio/mpeg"),
    (b"OggS", "audio/ogg"),
)
_PROGRAMS = (
    *(b"MZ", b"\x7fELF", b"#!"),
    *(b"\xfe\xed\xfa\xce", b"\xfe\xed\xfa\xcf", b"\xce\xfa\xed\xfe", b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe"),
)
"""Windows, Linux, scripts, macOS (four spellings), and Java, which macOS shares."""
_ENDINGS = {
    *("ade", "adp", "apk", "app", "appx", "bat", "cab", "chm", "cmd", "com", "cpl", "dll", "dmg", "exe", "gadget", "hta", "img", "inf"),
    *("ins", "iso", "jar", "js", "jse", "lib", "lnk", "mde", "msc", "msi", "msix", "msp", "mst", "pif", "pkg", "ps1", "reg", "scr", "sct"),
    *("sh", "sys", "vb", "vbe", "vbs", "vhd", "vxd", "wsc", "wsf", "wsh", "xll"),
}
"""Endings of names that mail programs block, for a click runs what is in such a file."""
_OFFICE = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "odp": "application/vnd.oasis.opendocument.presentation",
    "epub": "application/epub+zip",
}
_OLE = {"doc": "application/msword", "xls": "application/vnd.ms-excel", "ppt": "application/vnd.ms-powerpoint"}
_CONTAINED = {*_OFFICE.values(), *_OLE.values()}
_SHOWN = {kind for _, kind in _STARTS} | _CONTAINED | {"image/jpg", "image/pjpeg", "image/x-png", "image/webp"}
"""Types that the bytes of a file show: a file without those bytes is none."""
_TEXTS = {"csv": "text/csv", "html": "text/html", "htm": "text/html", "xml": "text/xml", "ics": "text/calendar", "vcf": "text/vcard"}


def is_program(name: str, start: bytes) -> bool:
    """Whether opening the file would run it, by its name or its first bytes."""
    return _ending(name) in _ENDINGS or start.startswith(_PROGRAMS)


def content_type(name: str, start: bytes) -> str:
    """The type of a file whose first kilobyte is `start`. The name decides only among what the bytes leave open."""
    found = next((kind for begin, kind in _STARTS if start.startswith(begin)), "")
    match found:
        case "application/zip":
            return _OFFICE.get(_ending(name), found)
        case "application/x-ole-storage":
            return _OLE.get(_ending(name), found)
        case "":
            return _by_later_bytes(start) or _text(name, start) or _guessed(name)
    return found


def sniff(name: str, start: bytes, *, declared: str) -> str:
    """The type of a file that a mail declares: what its bytes show; what the mail says only where they leave it open."""
    shown = next((kind for begin, kind in _STARTS if start.startswith(begin)), "") or _by_later_bytes(start)
    if shown in {"application/zip", "application/x-ole-storage"}:
        return declared if declared in _CONTAINED else content_type(name, start)
    if start.startswith(_PROGRAMS):
        return UNKNOWN
    if declared == "application/pdf" and b"%PDF-" in start:  # readers allow other bytes above it
        return declared
    return shown or (content_type(name, start) if declared == UNKNOWN or declared in _SHOWN else declared)


def _by_later_bytes(start: bytes) -> str:
    """Containers that name themselves some bytes in: RIFF (WebP, WAV), and ISO media (MP4, HEIC)."""
    if start.startswith(b"RIFF"):
        return {b"WEBP": "image/webp", b"WAVE": "audio/wav"}.get(start[8:12], "")
    if start[4:8] == b"ftyp":
        return "image/heic" if start[8:12] in {b"heic", b"heix", b"mif1"} else "video/mp4"
    return ""


def _text(name: str, start: bytes) -> str:
    # The last character may be cut off in its middle.
    for end in range(len(start), max(len(start) - 4, 0), -1):
        try:
            text = start[:end].decode()
        except UnicodeDecodeError:
            continue
        is_text = not any(char < " " and char not in "\t\r\n\f" for char in text)
        return _TEXTS.get(_ending(name), "text/plain") if is_text else ""
    return ""


def _guessed(name: str) -> str:
    """What the name says, unless the bytes would have shown it."""
    guess = mimetypes.guess_type(name)[0] or UNKNOWN
    return UNKNOWN if guess in _SHOWN or guess.startswith("text/") else guess


def _ending(name: str) -> str:
    return name.rpartition(".")[2].lower() if "." in name else ""
