"""Texts that are alike, and the words that tell each group from the rest. Pure, and the same for the same texts in the same order.

TF-IDF over the words of the texts, then hierarchical clustering with average linkage on the cosine distance, cut at `FAR`: nothing in it
is random, and the number of groups follows from the texts. scikit-learn takes seconds to import, so that only workers ever do.
"""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

AT_MOST = 1_500
"""Texts at once: distances are kept for each pair."""
LEAST, LEAST_SENDERS = 4, 3
"""So many mails, of so many senders, make a group; and so many senders use each of its words, so that no word is one customer's."""
FAR = 0.75
"""Cosine distance from which two groups are not alike: further apart, all mails of a language run together."""
USUAL = 0.7
"""Words in more than this share of all mails tell nothing."""
NAMED_BY = 4
MOST_WORDS = 5_000
_WORD = re.compile(r"[^\W\d_]{3,40}")


@dataclass(frozen=True, slots=True)
class Text:
    """The words that count, any number of times each; `sender` tells whose."""

    words: tuple[str, ...]
    sender: str


@dataclass(frozen=True, slots=True)
class Cluster:
    """`members` are places in the list of texts, ascending; `words` the strongest ones."""

    members: tuple[int, ...]
    words: tuple[str, ...]


def words(text: str) -> list[str]:
    """The words of a text in lower case, without figures."""
    return _WORD.findall(text.lower())


def find(texts: Sequence[Text]) -> list[Cluster]:
    """The groups among the first `AT_MOST` texts, largest first. What is like nothing else is in none."""
    counted = texts[:AT_MOST]
    shared = _shared(counted)
    if len(counted) < LEAST or not shared:
        return []
    weights = _weights(counted, shared)
    usual = weights.mean(axis=0).A1
    found = [
        Cluster(members, _named(members, counted, shared, weights[list(members)].mean(axis=0).A1 - usual / 2))
        for members in _groups(weights)
        if len(members) >= LEAST and len({counted[place].sender for place in members}) >= LEAST_SENDERS
    ]
    return sorted((one for one in found if one.words), key=lambda one: (-len(one.members), one.members))


def _weights(texts: Sequence[Text], vocabulary: list[str]) -> Any:
    """TF-IDF as a sparse matrix, a row for each text, each of length 1 (or 0)."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    return TfidfVectorizer(vocabulary=vocabulary, analyzer=attrgetter("words"), sublinear_tf=True).fit_transform(texts).tocsr()


def _groups(weights: Any) -> list[tuple[int, ...]]:
    """The rows of each group."""
    from sklearn.cluster import AgglomerativeClustering

    distances = (1 - (weights @ weights.T).toarray()).clip(0)
    clustering = AgglomerativeClustering(n_clusters=None, metric="precomputed", linkage="average", distance_threshold=FAR)
    groups: dict[int, list[int]] = defaultdict(list)
    for place, label in enumerate(clustering.fit_predict(distances)):
        groups[int(label)].append(place)
    return [tuple(members) for members in groups.values()]


def _shared(texts: Sequence[Text]) -> list[str]:
    """The words that several senders use, and not nearly everybody: the most used of them, by the alphabet."""
    senders: dict[str, set[str]] = defaultdict(set)
    mails: dict[str, int] = defaultdict(int)
    for text in texts:
        for word in set(text.words):
            senders[word].add(text.sender)
            mails[word] += 1
    shared = [word for word in mails if len(senders[word]) >= LEAST_SENDERS and mails[word] <= max(USUAL * len(texts), LEAST)]
    return sorted(sorted(shared, key=lambda word: (-mails[word], word))[:MOST_WORDS])


def _named(members: Sequence[int], texts: Sequence[Text], vocabulary: list[str], stands_out: Any) -> tuple[str, ...]:
    """The words that stand out most, of those that several of its senders use; of equal ones the longer."""
    order = sorted(range(len(vocabulary)), key=lambda column: (-round(stands_out[column], 6), -len(vocabulary[column]), vocabulary[column]))
    own = [texts[place] for place in members]
    by_weight = [vocabulary[column] for column in order[: 5 * NAMED_BY]]
    return tuple(word for word in by_weight if len({text.sender for text in own if word in text.words}) >= LEAST_SENDERS)[:NAMED_BY]
