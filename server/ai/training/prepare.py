"""Turns folders of BSL modules into the token arrays that `train.py` and `evaluate.py` read.

    python prepare.py TRAIN_DIR HELD_OUT_DIR DATA_DIR --tokenizer TOKENIZER_JSON
    python prepare.py TRAIN_DIR HELD_OUT_DIR DATA_DIR --new-tokenizer 8192

Every `.bsl` and `.os` file below the two folders is taken, in the order of the paths. Training never sees a method
that also stands in a held-out module, and sees a method that several modules or releases share only once.

DATA_DIR receives `tokenizer.json` and, for `train` and `held_out` each, `*.tokens.npy` (uint16), `*.flags.npy`
(uint8, one per token, see `Flag`), `*.starts.npy` (the first token of every document) and `*.sources.json` (the
folder directly below TRAIN_DIR or HELD_OUT_DIR from which a document comes).
"""

import argparse
import dataclasses
import enum
import hashlib
import json
import random
import re
import shutil
from pathlib import Path

import numpy as np
from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, trainers

SPECIAL_TOKENS = [
    "<|endoftext|>",
    "<|fim_prefix|>",
    "<|fim_middle|>",
    "<|fim_suffix|>",
    "<|fim_pad|>",
    "<|repo_name|>",
    "<|file_sep|>",
]

# Cuts CamelCase, keeps a line break together with the indentation after it, and groups up to four signs.
SPLIT_PATTERN = (
    r" ?(?:\p{Lu}\p{Ll}+|\p{Lu}+(?!\p{Ll})|\p{Ll}+)|\d{1,3}|\n[\t ]*|[\t ]+(?=\S)| ?[^\s\p{L}\d]{1,4}|\s+"
)

SHORTEST_DOCUMENT = 80
SHORTEST_CODE_LINE = 12
PIECE_FOR_TOKENIZER_TRAINING = 20_000
SHARE_FOR_TOKENIZER_TRAINING = 0.35
DOCUMENTS_PER_BATCH = 64

BLANKS_AT_LINE_END = re.compile(r"[ \t]+\n")
BLANKS = re.compile(r"\s+")
LICENSE_BANNER = re.compile(r"\A(?:/{20,}\n(?://[^\n]*\n)*/{20,}\n+)")
COMMENT_BLOCK = re.compile(r"(?:^[ \t]*//[^\n]*\n){3,}", re.MULTILINE)
METHOD_END = re.compile(
    r"^[ \t]*(?:КонецПроцедуры|КонецФункции|EndProcedure|EndFunction)\b[^\n]*\n+", re.IGNORECASE | re.MULTILINE
)
METHOD_START = re.compile(
    r"^(?:(?:Асинх|Async)[ \t]+)?(?:Процедура|Функция|Procedure|Function)\b", re.IGNORECASE | re.MULTILINE
)


class Flag(enum.IntFlag):
    """What is known about the place where a token starts."""

    LINE_BREAK = 1
    """The token is a line break with the indentation of the next line."""
    CODE_LINE_END = 2
    """The line break ends a line of code worth completing: no comment, no text, no query, not too short."""
    METHOD_START = 4
    """The first token of the line that declares a method."""
    METHOD_END = 8
    """The line break after the keyword that closes a method."""


@dataclasses.dataclass(frozen=True)
class Document:
    source: str
    """The repository, that is the folder directly below the one that was searched."""
    text: str


def normalize(text: str) -> str:
    """The text with one kind of line break, no blanks at line ends and no licence banner at its top.

    The modules of one library repeat the same banner thousands of times."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = BLANKS_AT_LINE_END.sub("\n", text)
    return LICENSE_BANNER.sub("", text)


def digest(text: str) -> bytes:
    """A key that is equal for texts that differ only in blanks."""
    return hashlib.blake2b(BLANKS.sub(" ", text).strip().encode(), digest_size=16).digest()


def methods(text: str) -> tuple[list[str], str]:
    """The text cut after each method, and what follows the last one."""
    parts, at = [], 0
    for end in METHOD_END.finditer(text):
        parts.append(text[at : end.end()])
        at = end.end()
    return parts, text[at:]


def without_seen_methods(text: str, seen: set[bytes]) -> str:
    """The text without the methods in `seen`, to which its own methods are added."""
    parts, tail = methods(text)
    kept = []
    for part in parts:
        key = digest(part)
        if key not in seen:
            seen.add(key)
            kept.append(part)
    if not kept or len(tail) > 200:
        kept.append(tail)
    return "".join(kept)


def is_chosen(text: str, share: float) -> bool:
    """Whether a text is among a share of all texts, always the same ones."""
    return int.from_bytes(digest(text)[:4]) < share * 2**32


def with_fewer_comments(text: str, share: float) -> str:
    """The text with only a share of its comments of three or more lines."""
    return COMMENT_BLOCK.sub(lambda block: block[0] if is_chosen(block[0], share) else "", text)


def module_paths(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.suffix.lower() in {".bsl", ".os"} and path.is_file())


def read_module(path: Path) -> str | None:
    """The normalized text of a module, or nothing if it is no UTF-8 text."""
    try:
        return normalize(path.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError:
        return None


def read_folder(folder: Path, seen_files: set[bytes]) -> list[Document]:
    """All modules below a folder, each text once."""
    documents = []
    for path in module_paths(folder):
        text = read_module(path)
        if text is None:
            continue
        key = digest(text)
        if key not in seen_files:
            seen_files.add(key)
            documents.append(Document(path.relative_to(folder).parts[0], text))
    return documents


def collect(
    train_folder: Path, held_out_folder: Path, seed: int, shares: dict[str, float], comments: float
) -> tuple[list[Document], list[Document]]:
    """The documents to train on and the held-out ones, in a shuffled but fixed order.

    Of the repositories in `shares` only a share of the documents is trained on."""
    seen_files: set[bytes] = set()
    held_out = read_folder(held_out_folder, seen_files)
    seen_methods = {digest(part) for document in held_out for part in methods(document.text)[0]}
    found = read_folder(train_folder, seen_files)
    if unknown := shares.keys() - {document.source for document in found}:
        raise SystemExit(f"no modules of {', '.join(sorted(unknown))} in {train_folder}")
    train = [
        Document(document.source, with_fewer_comments(without_seen_methods(document.text, seen_methods), comments))
        for document in found
        if is_chosen(document.text, shares.get(document.source, 1.0))
    ]
    return shuffled(train, random.Random(seed)), shuffled(held_out, random.Random(seed))


def shuffled(documents: list[Document], shuffler: random.Random) -> list[Document]:
    documents = [document for document in documents if len(document.text) >= SHORTEST_DOCUMENT]
    shuffler.shuffle(documents)
    return documents


def train_tokenizer(texts: list[str], vocabulary: int, seed: int) -> Tokenizer:
    """A byte-level BPE tokenizer for BSL."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(SPLIT_PATTERN), "isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=vocabulary,
        special_tokens=SPECIAL_TOKENS,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        min_frequency=20,
        show_progress=False,
    )
    chooser = random.Random(seed)
    sample = [text for text in texts if chooser.random() < SHARE_FOR_TOKENIZER_TRAINING]
    pieces = (
        text[at : at + PIECE_FOR_TOKENIZER_TRAINING]
        for text in sample
        for at in range(0, len(text), PIECE_FOR_TOKENIZER_TRAINING)
    )
    tokenizer.train_from_iterator(pieces, trainer)
    return tokenizer


def is_code_line(line: str) -> bool:
    """Whether a line is worth completing: code of some length, not a comment, a directive or a continued text."""
    code = line.strip()
    return len(code) >= SHORTEST_CODE_LINE and not code.startswith(("//", "|", "#", "&", '"'))


def flags_by_position(text: str) -> dict[int, int]:
    """The flags of the characters that have any."""
    flags: dict[int, int] = {}

    def add(position: int, flag: Flag) -> None:
        flags[position] = flags.get(position, 0) | flag

    start = 0
    while (end := text.find("\n", start)) >= 0:
        add(end, Flag.LINE_BREAK)
        if is_code_line(text[start:end]):
            add(end, Flag.CODE_LINE_END)
        start = end + 1
    for match in METHOD_START.finditer(text):
        add(match.start(), Flag.METHOD_START)
    for match in METHOD_END.finditer(text):
        add(text.index("\n", match.start()), Flag.METHOD_END)
    return flags


def encode(texts: list[str], tokenizer: Tokenizer) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The tokens of all documents in a row, their flags, and where each document starts."""
    tokens, flags, starts, total = [], [], [], 0
    for first in range(0, len(texts), DOCUMENTS_PER_BATCH):
        batch = texts[first : first + DOCUMENTS_PER_BATCH]
        for text, encoding in zip(batch, tokenizer.encode_batch(batch, add_special_tokens=False)):
            by_position = flags_by_position(text)
            starts.append(total)
            total += len(encoding.ids)
            tokens.append(np.array(encoding.ids, dtype=np.uint16))
            flags.append(np.array([by_position.get(start, 0) for start, _ in encoding.offsets], dtype=np.uint8))
    return np.concatenate(tokens), np.concatenate(flags), np.array(starts, dtype=np.int64)


def share(text: str) -> float:
    number = float(text)
    if not 0 <= number <= 1:
        raise argparse.ArgumentTypeError("must be between 0 and 1")
    return number


def repository_share(text: str) -> tuple[str, float]:
    repository, separator, number = text.rpartition("=")
    if not separator:
        raise argparse.ArgumentTypeError("must look like OWNER+NAME=0.25")
    return repository, share(number)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("train", type=Path, help="folder of the modules to train on")
    parser.add_argument("held_out", type=Path, help="folder of the modules that are never trained on")
    parser.add_argument("data", type=Path, help="folder for the result")
    choice = parser.add_mutually_exclusive_group(required=True)
    choice.add_argument("--tokenizer", type=Path, help="use this tokenizer.json; needed to train given weights further")
    choice.add_argument("--new-tokenizer", type=int, metavar="ENTRIES", help="train a tokenizer with so many entries")
    parser.add_argument(
        "--share",
        type=repository_share,
        action="append",
        default=[],
        metavar="OWNER+NAME=SHARE",
        help="train on this share of the modules of a repository; may be repeated",
    )
    parser.add_argument(
        "--comments", type=share, default=1.0, help="train on this share of the comments of three or more lines"
    )
    parser.add_argument("--seed", type=int, default=7)
    arguments = parser.parse_args()

    train, held_out = collect(
        arguments.train, arguments.held_out, arguments.seed, dict(arguments.share), arguments.comments
    )
    if not train or not held_out:
        parser.error("no modules found in one of the folders")
    arguments.data.mkdir(parents=True, exist_ok=True)
    tokenizer_path = arguments.data / "tokenizer.json"
    if arguments.tokenizer:
        if arguments.tokenizer.resolve() != tokenizer_path.resolve():
            shutil.copyfile(arguments.tokenizer, tokenizer_path)
        tokenizer = Tokenizer.from_file(str(tokenizer_path))
    else:
        texts = [document.text for document in train]
        tokenizer = train_tokenizer(texts, arguments.new_tokenizer, arguments.seed)
        tokenizer.save(str(tokenizer_path))
    for name, documents in (("train", train), ("held_out", held_out)):
        texts = [document.text for document in documents]
        tokens, flags, starts = encode(texts, tokenizer)
        np.save(arguments.data / f"{name}.tokens.npy", tokens)
        np.save(arguments.data / f"{name}.flags.npy", flags)
        np.save(arguments.data / f"{name}.starts.npy", starts)
        sources = json.dumps([document.source for document in documents])
        (arguments.data / f"{name}.sources.json").write_text(sources, encoding="utf-8")
        characters = sum(map(len, texts))
        print(
            f"{name}: {len(texts)} documents, {characters / 1e6:.1f} M characters, {len(tokens) / 1e6:.2f} M tokens, "
            f"{characters / len(tokens):.2f} characters per token"
        )


if __name__ == "__main__":
    main()
