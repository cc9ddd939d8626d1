"""Measures a model on held-out modules: loss per token and the exact rest of the line.

    python evaluate.py DATA_DIR MODEL_DIR [MODEL_DIR ...] --cases 800

A case is a line of code, at most one per method, with the caret at the start of the line (after the indentation),
before a word or before any token of the line; everything right of it is expected. The model sees up to 96 tokens
after the line and the text before the caret. A greedy answer is right if every token of it is the most probable one
and a line break or the end follows, so one pass over prompt and expectation decides a case. The engine is measured
with typed parts of words and with its own checks by `strizh`; the figures differ.
"""

import argparse
import dataclasses
import json
from collections import Counter, defaultdict
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from torch.nn import functional

from model import Model, load_model
from prepare import SPECIAL_TOKENS, Flag
from windows import FIM_MIDDLE, FIM_PAD, FIM_SUFFIX, IGNORED, LONGEST_SUFFIX, Corpus, Rows, last_between

CARET_KINDS = {"line start": 0.23, "word start": 0.24, "inside": 0.53}
SHORTEST_EXPECTATION = 3
LONGEST_EXPECTATION = 32
LONGEST_PROMPT = 480
SHORTEST_TEXT_ABOVE = 24
CASES_PER_STEP = 8


@dataclasses.dataclass(frozen=True)
class Case:
    source: str
    kind: str
    prompt: list[int]
    expected: list[int]
    characters: int


@dataclasses.dataclass(frozen=True)
class Outcome:
    case: Case
    is_exact: bool
    is_first_right: bool
    loss: float
    """The loss summed over the expected tokens."""


class CaseMaker:
    def __init__(self, corpus: Corpus, sources: list[str], tokenizer: Tokenizer, seed: int):
        self.corpus = corpus
        self.sources = sources
        self.tokenizer = tokenizer
        self.rng = np.random.default_rng(seed)

    def text(self, start: int, end: int) -> str:
        return self.tokenizer.decode(self.corpus.tokens[start:end].tolist(), skip_special_tokens=False)

    def source(self, position: int) -> str:
        return self.sources[int(np.searchsorted(self.corpus.starts, position, side="right")) - 1]

    def carets(self, line_start: int, line_end: int, kind: str) -> list[int]:
        """The tokens of a line before which the caret may stand."""
        if kind == "line start":
            return [line_start]
        inner = range(line_start + 1, line_end)
        if kind == "inside":
            return list(inner)
        return [at for at in inner if self.begins_word(at)]

    def begins_word(self, at: int) -> bool:
        token, before = self.text(at, at + 1), self.text(at - 1, at)
        is_word = token.strip()[:1].isalpha()
        return is_word and (token.startswith(" ") or not (before[-1:].isalnum() or before.endswith("_")))

    def case(self, line_end: int, kind: str) -> Case | None:
        """The case for the line that ends at a line break, unless no caret of the kind fits."""
        corpus = self.corpus
        document, document_end = corpus.document(line_end)
        line_break = last_between(corpus.line_breaks, document, line_end - 1)
        line_start = document if line_break is None else line_break + 1
        carets = self.carets(line_start, line_end, kind)
        if not carets:
            return None
        caret = int(self.rng.choice(carets))
        characters = len(self.text(caret, line_end).strip())
        expected = corpus.tokens[caret:line_end].tolist()
        if characters < SHORTEST_EXPECTATION or len(expected) > LONGEST_EXPECTATION:
            return None
        if caret - document < SHORTEST_TEXT_ABOVE:
            return None
        suffix = corpus.tokens[line_end : min(document_end, line_end + LONGEST_SUFFIX)].tolist()
        room = LONGEST_PROMPT - len(suffix) - 2
        before = corpus.tokens[max(document, caret - room) : caret].tolist()
        return Case(self.source(line_end), kind, [FIM_SUFFIX, *suffix, FIM_MIDDLE, *before], expected, characters)

    def cases(self, count: int) -> list[Case]:
        """So many cases, evenly from all sources, at most one per method."""
        by_source = defaultdict(list)
        for line_end in self.rng.permutation(self.corpus.code_line_ends).tolist():
            by_source[self.source(line_end)].append(line_end)
        kinds = list(CARET_KINDS)
        result, used_methods = [], set()
        for index, source in enumerate(sorted(by_source)):
            wanted = count * (index + 1) // len(by_source)
            for line_end in by_source[source]:
                if len(result) >= wanted:
                    break
                method = int(np.searchsorted(self.corpus.method_ends, line_end))
                if method in used_methods:
                    continue
                kind = kinds[int(self.rng.choice(len(kinds), p=list(CARET_KINDS.values())))]
                if case := self.case(line_end, kind):
                    used_methods.add(method)
                    result.append(case)
        return result


@torch.no_grad()
def judge(model: Model, cases: list[Case], stops: np.ndarray) -> list[Outcome]:
    """What the model makes of some cases."""
    rows = [case.prompt + case.expected for case in cases]
    inputs = np.full((len(rows), max(map(len, rows))), FIM_PAD, dtype=np.int64)
    for index, row in enumerate(rows):
        inputs[index, : len(row)] = row
    logits = model(torch.from_numpy(inputs)).float()
    outcomes = []
    for index, case in enumerate(cases):
        first = len(case.prompt) - 1
        answers = logits[index, first : first + len(case.expected) + 1]
        best = answers.argmax(-1).tolist()
        expected = torch.tensor(case.expected)
        is_exact = best[:-1] == case.expected and bool(stops[best[-1]])
        loss = functional.cross_entropy(answers[:-1], expected, reduction="sum").item()
        outcomes.append(Outcome(case, is_exact, best[0] == case.expected[0], loss))
    return outcomes


@torch.no_grad()
def row_losses(model: Model, rows: Rows, batches: int) -> tuple[float, float, int]:
    """The loss per token over training-like rows: of all tokens and of the lines to complete; the number of tokens."""
    total = np.zeros(2)
    counts = np.zeros(2)
    for _ in range(batches):
        inputs, targets, in_line = rows.batch(CASES_PER_STEP)
        logits = model(torch.from_numpy(inputs)).float().reshape(-1, model.shape.vocabulary)
        flat = torch.from_numpy(targets).reshape(-1)
        losses = functional.cross_entropy(logits, flat, ignore_index=IGNORED, reduction="none").numpy()
        real = (targets != IGNORED).reshape(-1)
        for index, chosen in enumerate((real, real & in_line.reshape(-1))):
            total[index] += losses[chosen].sum()
            counts[index] += chosen.sum()
    return total[0] / counts[0], total[1] / counts[1], int(counts[0])


def print_outcomes(outcomes: list[Outcome]) -> None:
    groups: dict[str, list[Outcome]] = {"all": outcomes}
    for kind in CARET_KINDS:
        groups["caret: " + kind] = [outcome for outcome in outcomes if outcome.case.kind == kind]
    for source in sorted(Counter(outcome.case.source for outcome in outcomes)):
        groups[source] = [outcome for outcome in outcomes if outcome.case.source == source]
    for name, group in groups.items():
        if not group:
            continue
        exact = sum(outcome.is_exact for outcome in group)
        first = sum(outcome.is_first_right for outcome in group)
        tokens = sum(len(outcome.case.expected) for outcome in group)
        characters = sum(outcome.case.characters for outcome in group)
        loss = sum(outcome.loss for outcome in group)
        print(
            f"  {name}: exact rest of line {exact} of {len(group)} ({exact / len(group):.1%}), "
            f"first token {first} ({first / len(group):.1%}), "
            f"loss {loss / tokens:.3f} per token, {loss / np.log(2) / characters:.3f} bits per character"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, help="folder of prepare.py")
    parser.add_argument("models", type=Path, nargs="+", help="folders of train.py")
    parser.add_argument("--cases", type=int, default=800)
    parser.add_argument("--loss-batches", type=int, default=40)
    parser.add_argument("--seed", type=int, default=3)
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)

    tokenizer = Tokenizer.from_file(str(arguments.data / "tokenizer.json"))
    vocabulary = [tokenizer.decode([token], skip_special_tokens=False) for token in range(tokenizer.get_vocab_size())]
    stops = np.array([text.startswith("\n") or text in SPECIAL_TOKENS for text in vocabulary])
    corpus = Corpus.load(arguments.data, "held_out")
    sources = json.loads((arguments.data / "held_out.sources.json").read_text(encoding="utf-8"))
    cases = CaseMaker(corpus, sources, tokenizer, arguments.seed).cases(arguments.cases)
    for folder in arguments.models:
        model = load_model(folder).eval()
        rows = Rows(corpus, vocabulary, 512, arguments.seed)
        loss, line_loss, tokens = row_losses(model, rows, arguments.loss_batches)
        print(f"{folder}: held-out loss {loss:.4f} per token over {tokens} tokens, {line_loss:.4f} in completed lines")
        outcomes = []
        for at in range(0, len(cases), CASES_PER_STEP):
            outcomes.extend(judge(model, cases[at : at + CASES_PER_STEP], stops))
        print_outcomes(outcomes)


if __name__ == "__main__":
    main()
