"""Grounding: which numbers, dates, amounts, ids, addresses and links a text names, and where each of them comes from.

`atoms` finds them, `trace` looks for them in what was looked up and said. An atom that nothing contains may be an invention.
Pure: no database, no network.
"""

from drafting.grounding.atom import Atom, Kind
from drafting.grounding.contacts import domain_of
from drafting.grounding.days import lies_ahead
from drafting.grounding.scan import atoms
from drafting.grounding.sources import Json, Source
from drafting.grounding.tracing import TracedAtom, trace

__all__ = ["Atom", "Json", "Kind", "Source", "TracedAtom", "atoms", "domain_of", "lies_ahead", "trace"]
