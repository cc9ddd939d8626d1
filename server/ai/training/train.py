"""Trains the completion model on the data of `prepare.py`, from nothing or from given weights.

    python train.py DATA_DIR OUT_DIR --minutes 110 --from MODEL_DIR
    python train.py DATA_DIR OUT_DIR --minutes 110 --resume

With `--minutes` the schedule follows the clock, so a busy machine shortens the training but not its end; if the
machine is busiest at the end, the rate falls while few steps are done. `--million-tokens` makes the schedule follow
the tokens instead.

OUT_DIR receives `model.safetensors`, `config.json`, `tokenizer.json`, `log.jsonl` and `state.pt`, which
`--resume` needs. All are replaced at once every few minutes: the process may be stopped at any time.
"""

import argparse
import contextlib
import json
import math
import random
import shutil
import time
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from torch.nn import functional

from model import POSITIONS, Model, Shape, load_model, replace_file, save_model
from windows import IGNORED, Corpus, Rows

HELD_OUT_SEED = 9
WEIGHT_DECAY = 0.01
SHORTEST_CONTEXT = 192
LARGEST_GRADIENT_NORM = 1.0


class Muon(torch.optim.Optimizer):
    """Momentum whose matrix is made orthogonal by Newton-Schulz iterations, for the matrices inside the layers."""

    ITERATIONS = 5
    COEFFICIENTS = (3.4445, -4.7750, 2.0315)

    def __init__(self, parameters: list[torch.nn.Parameter], lr: float, momentum: float = 0.95):
        super().__init__(parameters, {"lr": lr, "momentum": momentum})

    def orthogonal(self, matrix: torch.Tensor) -> torch.Tensor:
        linear, cubic, quintic = self.COEFFICIENTS
        wide = matrix.T if matrix.shape[0] > matrix.shape[1] else matrix
        wide = wide / (wide.norm() + 1e-7)
        for _ in range(self.ITERATIONS):
            square = wide @ wide.T
            wide = linear * wide + (cubic * square + quintic * square @ square) @ wide
        return wide.T if matrix.shape[0] > matrix.shape[1] else wide

    @torch.no_grad()
    def step(self) -> None:
        for group in self.param_groups:
            for parameter in group["params"]:
                state = self.state[parameter]
                if "momentum" not in state:
                    state["momentum"] = torch.zeros_like(parameter)
                momentum = state["momentum"]
                momentum.lerp_(parameter.grad, 1 - group["momentum"])
                update = self.orthogonal(parameter.grad.lerp(momentum, group["momentum"]).bfloat16())
                scale = 0.2 * math.sqrt(max(parameter.shape))
                parameter.mul_(1 - group["lr"] * WEIGHT_DECAY)
                parameter.add_(update.to(parameter.dtype), alpha=-group["lr"] * scale)


def learning_rate_factor(progress: float, step: int, warm_up_steps: int, decay: float) -> float:
    """Rises over the first steps, stays, and falls to nothing over the last part (progress goes from 0 to 1)."""
    warm_up = min(1.0, (step + 1) / warm_up_steps)
    left = max(0.0, 1 - progress)
    return warm_up * min(1.0, left / decay)


def build_optimizers(model: Model, learning_rate: float) -> tuple[list[torch.optim.Optimizer], list[torch.Tensor]]:
    """Muon for the matrices and AdamW for the rest, which is returned as well."""
    matrices, others = [], []
    for name, parameter in model.named_parameters():
        (matrices if parameter.dim() == 2 and "embed" not in name else others).append(parameter)
    adam = torch.optim.AdamW(others, lr=learning_rate * 0.75, betas=(0.9, 0.95), weight_decay=0.0)
    return [Muon(matrices, learning_rate), adam], others


def token_losses(model: Model, inputs: torch.Tensor, targets: torch.Tensor, bf16: bool) -> torch.Tensor:
    """The loss of every target, in a row; zero where it is ignored."""
    with torch.autocast(inputs.device.type, torch.bfloat16) if bf16 else contextlib.nullcontext():
        logits = model(inputs)
    flat = logits.float().reshape(-1, logits.shape[-1])
    return functional.cross_entropy(flat, targets.reshape(-1), ignore_index=IGNORED, reduction="none")


class Training:
    def __init__(self, arguments: argparse.Namespace):
        self.arguments = arguments
        self.device = arguments.device
        self.out: Path = arguments.out
        tokenizer = Tokenizer.from_file(str(arguments.data / "tokenizer.json"))
        self.vocabulary = [tokenizer.decode([token]) for token in range(tokenizer.get_vocab_size())]
        self.step, self.seen, self.elapsed = 0, 0, 0.0
        position = (0, 0)
        state = None
        if arguments.resume:
            state = torch.load(self.out / "state.pt", map_location="cpu", weights_only=True)
            model = Model(Shape(**state["shape"]))
            model.load_state_dict(state["model"])
            self.step, self.seen, self.elapsed = state["step"], state["seen"], state["elapsed"]
            position = tuple(state["position"])
        elif arguments.start_from:
            model = load_model(arguments.start_from)
        else:
            model = Model(
                Shape(
                    len(self.vocabulary),
                    arguments.hidden,
                    arguments.layers,
                    arguments.heads,
                    arguments.key_value_heads,
                    arguments.feed_forward,
                )
            )
        if model.shape.vocabulary != len(self.vocabulary):
            raise SystemExit("the tokenizer of the data is not the one of the weights")
        self.model = model.to(self.device)
        self.token_losses = torch.compile(token_losses) if arguments.compile else token_losses
        self.optimizers, self.clipped = build_optimizers(self.model, arguments.learning_rate)
        if state:
            for optimizer, saved in zip(self.optimizers, state["optimizers"]):
                optimizer.load_state_dict(saved)
        self.peaks = [arguments.learning_rate, arguments.learning_rate * 0.75]
        self.rows = Rows(
            Corpus.load(arguments.data, "train"), self.vocabulary, arguments.context, arguments.seed, position
        )
        held_out = Rows(Corpus.load(arguments.data, "held_out"), self.vocabulary, arguments.context, HELD_OUT_SEED)
        self.held_out = [held_out.batch(arguments.batch) for _ in range(arguments.held_out_batches)]

    def losses(self, batch: tuple[np.ndarray, ...]) -> tuple[torch.Tensor, torch.Tensor]:
        """The loss of every target of a batch, zero where there is none, and the targets."""
        inputs, targets = (torch.from_numpy(array).to(self.device) for array in batch[:2])
        return self.token_losses(self.model, inputs, targets, self.arguments.bf16), targets

    @torch.no_grad()
    def evaluate(self) -> tuple[float, float]:
        """The held-out loss per token: of all tokens, and of the lines that are to be completed."""
        everything = lines = everything_count = lines_count = 0.0
        for batch in self.held_out:
            losses, targets = self.losses(batch)
            real = (targets != IGNORED).reshape(-1)
            in_line = torch.from_numpy(batch[2]).to(self.device).reshape(-1) & real
            everything += losses[real].sum().item()
            everything_count += real.sum().item()
            lines += losses[in_line].sum().item()
            lines_count += in_line.sum().item()
        return everything / everything_count, lines / lines_count

    def train_step(self, factor: float) -> float:
        for optimizer, peak in zip(self.optimizers, self.peaks):
            for group in optimizer.param_groups:
                group["lr"] = peak * factor
        losses, targets = self.losses(self.rows.batch(self.arguments.batch))
        count = (targets != IGNORED).sum()
        loss = losses.sum() / count
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.clipped, LARGEST_GRADIENT_NORM)
        for optimizer in self.optimizers:
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
        self.step += 1
        self.seen += int(count)
        return loss.item()

    def save(self) -> None:
        save_model(self.model, self.out)
        state = {
            "shape": vars(self.model.shape),
            "model": self.model.state_dict(),
            "optimizers": [optimizer.state_dict() for optimizer in self.optimizers],
            "step": self.step,
            "seen": self.seen,
            "elapsed": self.elapsed,
            "position": list(self.rows.position),
        }
        replace_file(self.out / "state.pt", lambda path: torch.save(state, path))

    def report(self, train_loss: float, tokens_per_second: float) -> None:
        held_out, line = self.evaluate()
        row = {
            "step": self.step,
            "seen": self.seen,
            "passes": round(self.rows.pass_number + self.rows.place / len(self.rows.segments), 3),
            "train": None if math.isnan(train_loss) else round(train_loss, 4),
            "held_out": round(held_out, 4),
            "line": round(line, 4),
            "tokens_per_second": round(tokens_per_second),
            "minutes": round(self.elapsed / 60, 1),
        }
        print(json.dumps(row), flush=True)
        with open(self.out / "log.jsonl", "a", encoding="utf-8") as log:
            log.write(json.dumps(row) + "\n")

    def progress(self) -> float:
        """How much of the training is done, from 0 to 1."""
        if self.arguments.million_tokens:
            return self.seen / (self.arguments.million_tokens * 1e6)
        return self.elapsed / (self.arguments.minutes * 60)

    def run(self) -> None:
        arguments = self.arguments
        began = time.time() - self.elapsed
        if self.step == 0:
            self.report(math.nan, 0)
        saved_at = reported_at = time.time()
        seen_at_report, recent = self.seen, []
        while (progress := self.progress()) < 1:
            factor = learning_rate_factor(progress, self.step, arguments.warm_up_steps, arguments.decay)
            recent.append(self.train_step(factor))
            self.elapsed = time.time() - began
            if self.step % arguments.report_every == 0:
                now = time.time()
                self.report(float(np.mean(recent)), (self.seen - seen_at_report) / (now - reported_at))
                reported_at, seen_at_report, recent = time.time(), self.seen, []
            if time.time() - saved_at > arguments.save_every * 60:
                self.save()
                saved_at = time.time()
        self.report(float(np.mean(recent)) if recent else math.nan, 0)
        self.save()


def positive(text: str) -> float:
    number = float(text)
    if not number > 0:
        raise argparse.ArgumentTypeError("must be above zero")
    return number


def share(text: str) -> float:
    number = positive(text)
    if number > 1:
        raise argparse.ArgumentTypeError("must be at most one")
    return number


def context(text: str) -> int:
    number = int(text)
    if not SHORTEST_CONTEXT <= number <= POSITIONS:
        raise argparse.ArgumentTypeError(f"must be between {SHORTEST_CONTEXT} and {POSITIONS}")
    return number


def parse_arguments(command_line: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, help="folder of prepare.py")
    parser.add_argument("out", type=Path, help="folder for the model")
    start = parser.add_mutually_exclusive_group()
    start.add_argument("--from", dest="start_from", type=Path, metavar="MODEL_DIR", help="start from these weights")
    start.add_argument("--resume", action="store_true", help="continue the training that OUT_DIR holds")
    length = parser.add_mutually_exclusive_group()
    length.add_argument("--minutes", type=positive, default=60, help="time of the whole training (default 60)")
    length.add_argument("--million-tokens", type=positive, help="length of the whole training in tokens instead")
    parser.add_argument("--learning-rate", type=positive, default=0.004, help="peak for the matrices (default 0.004)")
    parser.add_argument("--warm-up-steps", type=int, default=60)
    parser.add_argument(
        "--decay", type=share, default=0.45, help="last share of the training, in which the rate falls to zero"
    )
    parser.add_argument("--batch", type=int, default=8, help="rows per step")
    parser.add_argument("--context", type=context, default=512, help="tokens per row")
    for name, default in vars(Shape()).items():
        if name != "vocabulary":
            parser.add_argument("--" + name.replace("_", "-"), type=int, default=default, help="new weights only")
    parser.add_argument("--seed", type=int, default=5)
    parser.add_argument("--device", default="cpu", help="cpu or cuda")
    parser.add_argument("--threads", type=int, default=2, help="threads on the cpu")
    parser.add_argument("--compile", action="store_true", help="compile the model; faster after a slow start")
    parser.add_argument("--bf16", action=argparse.BooleanOptionalAction, default=True)
    parser.add_argument("--report-every", type=int, default=100, metavar="STEPS")
    parser.add_argument("--save-every", type=positive, default=5, metavar="MINUTES")
    parser.add_argument("--held-out-batches", type=int, default=6)
    return parser.parse_args(command_line)


def main() -> None:
    arguments = parse_arguments()
    torch.set_num_threads(arguments.threads)
    for seed in (random.seed, np.random.seed, torch.manual_seed):
        seed(arguments.seed)
    arguments.out.mkdir(parents=True, exist_ok=True)
    training = Training(arguments)
    shutil.copyfile(arguments.data / "tokenizer.json", arguments.out / "tokenizer.json")
    parameters = sum(parameter.numel() for parameter in training.model.parameters())
    print(f"{parameters / 1e6:.2f} M parameters, {len(training.rows.segments)} segments in a pass", flush=True)
    training.run()


if __name__ == "__main__":
    main()
