"""Cuts token arrays into the rows a model is trained on.

An example is what the engine will ask, together with its answer: the text after the caret, the text before it, then
the rest of the line.

    <|fim_suffix|> text after the caret <|fim_middle|> text before the caret, rest of the line <|endoftext|>

The caret itself leaves no trace: the text before it and the answer are one run of text, so one example trains every
caret in its last line (and, with a suffix that is further away, in the lines above). What an example decides is
where the answer ends, how much of the following text is visible and where the preceding text begins.
"""

import dataclasses
from pathlib import Path

import numpy as np

from prepare import Flag

END_OF_TEXT, FIM_PREFIX, FIM_MIDDLE, FIM_SUFFIX, FIM_PAD = range(5)
IGNORED = -100
"""A target that costs nothing."""

LONGEST_SUFFIX = 96
SHORTEST_PREFIX = 24
CLOSERS = frozenset(");,]\"'>")

# How examples are mixed.
SHARE_PLAIN = 0.15
SHARE_SHORT_SEGMENTS = 0.2
SHARE_FROM_METHOD_START = 0.4
SHARE_ANSWER_BEFORE_CLOSERS = 0.1
SHARE_ANSWER_ANYWHERE = 0.1
SHARE_SUFFIX_EMPTY = 0.1
SHARE_SUFFIX_SHORT = 0.2
SHARE_SUFFIX_TO_METHOD_END = 0.2

CANDIDATES_FOR_PACKING = 24


@dataclasses.dataclass
class Corpus:
    """The tokens of many documents in a row."""

    tokens: np.ndarray
    flags: np.ndarray
    starts: np.ndarray

    def __post_init__(self) -> None:
        self.line_breaks = self.positions(Flag.LINE_BREAK)
        self.code_line_ends = self.positions(Flag.CODE_LINE_END)
        self.method_starts = self.positions(Flag.METHOD_START)
        self.method_ends = self.positions(Flag.METHOD_END)

    @staticmethod
    def load(folder: Path, name: str) -> "Corpus":
        def array(kind: str) -> np.ndarray:
            return np.load(folder / f"{name}.{kind}.npy")

        return Corpus(array("tokens"), array("flags"), array("starts"))

    def positions(self, flag: Flag) -> np.ndarray:
        return np.flatnonzero(self.flags & flag)

    def document(self, position: int) -> tuple[int, int]:
        """The first token and the end of the document a token belongs to."""
        index = int(np.searchsorted(self.starts, position, side="right")) - 1
        end = self.starts[index + 1] if index + 1 < len(self.starts) else len(self.tokens)
        return int(self.starts[index]), int(end)


def last_between(sorted_positions: np.ndarray, low: int, high: int) -> int | None:
    """The last position p with low <= p <= high."""
    index = int(np.searchsorted(sorted_positions, high, side="right")) - 1
    if index >= 0 and sorted_positions[index] >= low:
        return int(sorted_positions[index])
    return None


def first_between(sorted_positions: np.ndarray, low: int, high: int) -> int | None:
    """The first position p with low <= p <= high."""
    index = int(np.searchsorted(sorted_positions, low))
    if index < len(sorted_positions) and sorted_positions[index] <= high:
        return int(sorted_positions[index])
    return None


def segment_end(corpus: Corpus, start: int, document_end: int, longest: int, rng: np.random.Generator) -> int:
    """Where a segment of random length ends: after a line of code, else after any line, else just there."""
    half = longest // 2
    is_short = rng.random() < SHARE_SHORT_SEGMENTS
    farthest = start + int(rng.integers(SHORTEST_PREFIX, half) if is_short else rng.integers(half, longest))
    if farthest >= document_end:
        return document_end
    for ends in (corpus.code_line_ends, corpus.line_breaks):
        end = last_between(ends, start + SHORTEST_PREFIX // 2, farthest)
        if end is not None:
            return end
    return farthest


def segments(corpus: Corpus, rng: np.random.Generator, longest: int) -> np.ndarray:
    """Tiles every document with segments that end where a line of code does, and shuffles them.

    Each token is in exactly one segment, so that one pass over the segments is one pass over the corpus."""
    bounds = []
    ends = np.append(corpus.starts[1:], len(corpus.tokens))
    for document_start, document_end in zip(corpus.starts.tolist(), ends.tolist()):
        start = document_start
        while start < document_end:
            end = segment_end(corpus, start, document_end, longest, rng)
            bounds.append((start, end))
            start = end
    result = np.array(bounds, dtype=np.int64)
    rng.shuffle(result)
    return result


@dataclasses.dataclass
class Example:
    """One question with its answer, or a piece of plain text (no suffix at all)."""

    suffix: np.ndarray | None
    text: np.ndarray
    last_line: int
    """Where in `text` the line starts that is to be completed."""

    def __len__(self) -> int:
        return len(self.text) + 1 + (0 if self.suffix is None else len(self.suffix) + 2)

    def shortened(self, length: int) -> "Example":
        """The example without the beginning of its text, as the engine shortens it."""
        drop = len(self) - length
        return Example(self.suffix, self.text[drop:], max(0, self.last_line - drop)) if drop > 0 else self

    def inputs_and_targets(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Inputs, targets, and which targets belong to the line that is to be completed.

        Two targets of an example are ignored: the first token of the suffix, which starts at a random place, and the
        marker behind it. So is the end of a plain piece, which is cut anywhere."""
        if self.suffix is None:
            inputs = np.append(self.text, END_OF_TEXT)
            targets = np.concatenate([self.text[1:], [IGNORED, IGNORED]])
            return inputs, targets, np.zeros(len(inputs), dtype=bool)
        inputs = np.concatenate([[FIM_SUFFIX], self.suffix, [FIM_MIDDLE], self.text, [END_OF_TEXT]])
        targets = np.append(inputs[1:], IGNORED)
        middle = len(self.suffix) + 1
        targets[0] = IGNORED
        targets[middle - 1] = IGNORED
        in_line = np.zeros(len(inputs), dtype=bool)
        in_line[middle + self.last_line : -1] = True
        return inputs, targets, in_line


def answer_end(corpus: Corpus, start: int, end: int, closers: np.ndarray, rng: np.random.Generator) -> int:
    """Where the answer ends: at the end of the line, before what an editor closed by itself, or anywhere in it."""
    kind = rng.random()
    if kind < SHARE_ANSWER_BEFORE_CLOSERS:
        low = max(start + SHORTEST_PREFIX // 2, end - 3)
        while end > low and closers[corpus.tokens[end - 1]]:
            end -= 1
    elif kind < SHARE_ANSWER_BEFORE_CLOSERS + SHARE_ANSWER_ANYWHERE:
        low = max(start + SHORTEST_PREFIX // 2, end - 12)
        if low < end:
            end = int(rng.integers(low, end))
    return end


def suffix_end(corpus: Corpus, caret: int, document_end: int, rng: np.random.Generator) -> int:
    """How far the visible text after the caret goes: usually to the limit, sometimes less, sometimes nothing."""
    limit = min(document_end, caret + LONGEST_SUFFIX)
    kind = rng.random()
    if kind < SHARE_SUFFIX_EMPTY:
        return caret
    if kind < SHARE_SUFFIX_EMPTY + SHARE_SUFFIX_SHORT:
        return min(limit, caret + int(rng.integers(1, LONGEST_SUFFIX)))
    if kind < SHARE_SUFFIX_EMPTY + SHARE_SUFFIX_SHORT + SHARE_SUFFIX_TO_METHOD_END:
        method_end = first_between(corpus.method_ends, caret, limit)
        return limit if method_end is None else method_end
    return limit


def example(
    corpus: Corpus, start: int, end: int, longest: int, closers: np.ndarray, rng: np.random.Generator
) -> Example:
    """The example made of one segment."""
    document_start, document_end = corpus.document(start)
    if rng.random() < SHARE_PLAIN or end - start < SHORTEST_PREFIX:
        return Example(None, corpus.tokens[start:end].astype(np.int64), 0)
    end = answer_end(corpus, start, end, closers, rng)
    if rng.random() < SHARE_FROM_METHOD_START:
        method = last_between(corpus.method_starts, max(document_start, end - longest), end - SHORTEST_PREFIX)
        start = start if method is None else method
    line = last_between(corpus.line_breaks, start, end - 1)
    suffix = corpus.tokens[end : suffix_end(corpus, end, document_end, rng)].astype(np.int64)
    return Example(suffix, corpus.tokens[start:end].astype(np.int64), 0 if line is None else line + 1 - start)


def closing_tokens(texts: list[str]) -> np.ndarray:
    """Which tokens consist of closing signs only."""
    return np.array([bool(text) and all(sign in CLOSERS for sign in text) for text in texts])


class Rows:
    """An endless series of rows: several examples one after the other, padded at the end.

    The series depends on nothing but its arguments. `position` (a pass and a place in it) continues it."""

    def __init__(
        self, corpus: Corpus, vocabulary: list[str], context: int, seed: int, position: tuple[int, int] = (0, 0)
    ):
        self.corpus = corpus
        self.closers = closing_tokens(vocabulary)
        self.context = context
        self.longest = context - LONGEST_SUFFIX - 3
        self.seed = seed
        self.pass_number, self.place = position
        self.waiting: list[Example] = []
        self.rng = np.random.default_rng([seed, self.pass_number, self.place])
        self.start_pass()

    @property
    def position(self) -> tuple[int, int]:
        return self.pass_number, self.place

    def start_pass(self) -> None:
        self.segments = segments(self.corpus, np.random.default_rng([self.seed, self.pass_number]), self.longest)

    def next_example(self) -> Example:
        if self.place >= len(self.segments):
            self.pass_number, self.place = self.pass_number + 1, 0
            self.start_pass()
        start, end = self.segments[self.place].tolist()
        self.place += 1
        return example(self.corpus, start, end, self.longest, self.closers, self.rng)

    def take_fitting(self, room: int) -> Example | None:
        """The waiting example that fills the room best; none if nothing useful fits."""
        while len(self.waiting) < CANDIDATES_FOR_PACKING:
            self.waiting.append(self.next_example())
        if room == self.context:
            return self.waiting.pop(0).shortened(room)
        fitting = [index for index, candidate in enumerate(self.waiting) if len(candidate) <= room]
        if fitting:
            return self.waiting.pop(max(fitting, key=lambda index: len(self.waiting[index])))
        shortest = min(range(len(self.waiting)), key=lambda index: len(self.waiting[index]))
        candidate = self.waiting[shortest].shortened(room)
        if len(candidate.text) >= SHORTEST_PREFIX and len(candidate) * 2 >= len(self.waiting[shortest]):
            del self.waiting[shortest]
            return candidate
        return None

    def row(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        inputs = np.full(self.context, FIM_PAD, dtype=np.int64)
        targets = np.full(self.context, IGNORED, dtype=np.int64)
        in_line = np.zeros(self.context, dtype=bool)
        at = 0
        while self.context - at > SHORTEST_PREFIX:
            chosen = self.take_fitting(self.context - at)
            if chosen is None:
                break
            end = at + len(chosen)
            inputs[at:end], targets[at:end], in_line[at:end] = chosen.inputs_and_targets()
            at = end
        return inputs, targets, in_line

    def batch(self, rows: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Inputs, targets and the marks of the lines to complete, each (rows, context)."""
        built = [self.row() for _ in range(rows)]
        return tuple(np.stack(part) for part in zip(*built))
