"""Self-test of the data preparation and of the windows: `python -m unittest` in this folder."""

import argparse
import tempfile
import unittest
from pathlib import Path

import numpy as np
import torch

import evaluate
import prepare
import train
from model import QUERIES_AT_ONCE, Model, Shape, attention, load_model, save_model
from prepare import Flag
from windows import END_OF_TEXT, FIM_MIDDLE, FIM_PAD, FIM_SUFFIX, IGNORED, Corpus, Example, Rows, segments

MODULE = """Процедура Провести(Заказ) Экспорт
	// Проверить остатки
	Остатки = ПолучитьОстатки(Заказ.Склад);
	Если Остатки.Количество() = 0 Тогда
		Возврат;
	КонецЕсли;
	Запрос.Текст = "ВЫБРАТЬ
		|	Товары.Ссылка КАК Ссылка";
КонецПроцедуры

Function Sum(Values)
	Result = 0;
	For Each Value In Values Do
		Result = Result + Value;
	EndDo;
	Return Result;
EndFunction
"""


def modules(count: int) -> list[str]:
    return [MODULE.replace("Остатки", f"Остатки{number}").replace("Sum", f"Sum{number}") for number in range(count)]


class Prepared(unittest.TestCase):
    """Builds a small corpus and a tokenizer once."""

    @classmethod
    def setUpClass(cls) -> None:
        texts = modules(40)
        cls.tokenizer = prepare.train_tokenizer(texts * 4, 600, seed=1)
        cls.vocabulary = [
            cls.tokenizer.decode([token], skip_special_tokens=False)
            for token in range(cls.tokenizer.get_vocab_size())
        ]
        cls.texts = texts
        cls.corpus = Corpus(*prepare.encode(texts, cls.tokenizer))

    def text(self, tokens: np.ndarray) -> str:
        return self.tokenizer.decode(tokens.tolist(), skip_special_tokens=False)


class PrepareTest(Prepared):
    def test_normalize_unifies_line_breaks_and_drops_the_banner(self) -> None:
        banner = "/" * 30 + "\r\n// Licence\r\n//\r\n" + "/" * 30 + "\r\n\r\n"
        self.assertEqual(prepare.normalize(banner + "А = 1; \t\r\nБ = 2;\r"), "А = 1;\nБ = 2;\n")

    def test_a_method_is_kept_once_whatever_its_blanks(self) -> None:
        seen: set[bytes] = set()
        first = "Процедура А()\n\tБ();\nКонецПроцедуры\n\n"
        again = "Процедура А()\n    Б();\nКонецПроцедуры\n\nПроцедура В()\nКонецПроцедуры\n"
        self.assertEqual(prepare.without_seen_methods(first, seen), first)
        self.assertEqual(prepare.without_seen_methods(again, seen), "Процедура В()\nКонецПроцедуры\n")

    def test_training_never_sees_a_held_out_method(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            train_folder, held_out_folder = Path(folder, "train"), Path(folder, "held_out")
            own = "".join(f"Функция Своя{number}()\n\tВозврат {number};\nКонецФункции\n" for number in range(5))
            for path, text in (
                (train_folder / "one" / "a.bsl", MODULE + own),
                (train_folder / "two" / "copy.os", MODULE + own),
                (held_out_folder / "three" / "b.bsl", MODULE),
            ):
                path.parent.mkdir(parents=True)
                path.write_text(text, encoding="utf-8-sig")
            documents, held_out = prepare.collect(train_folder, held_out_folder, seed=1, shares={}, comments=1.0)
            fewer, _ = prepare.collect(train_folder, held_out_folder, seed=1, shares={"one": 0.0}, comments=1.0)
            with self.assertRaises(SystemExit):
                prepare.collect(train_folder, held_out_folder, seed=1, shares={"none": 0.5}, comments=1.0)
        self.assertEqual([document.text for document in documents], [own])
        self.assertEqual([(document.source, document.text) for document in held_out], [("three", MODULE)])
        self.assertEqual(fewer, [])

    def test_only_long_comments_become_fewer(self) -> None:
        code = "// Short.\n// One.\nПроцедура А()\nКонецПроцедуры\n"
        blocks = [f"// Block {number}.\n//\n//  Parameters\n{code}" for number in range(200)]
        self.assertEqual(prepare.with_fewer_comments(blocks[0], 1.0), blocks[0])
        self.assertEqual(prepare.with_fewer_comments(blocks[0], 0.0), "Процедура А()\nКонецПроцедуры\n")
        self.assertEqual(prepare.with_fewer_comments(code, 0.0), code)
        kept = sum(prepare.with_fewer_comments(text, 0.4) == text for text in blocks)
        self.assertTrue(60 <= kept <= 100, kept)

    def test_tokens_spell_the_text_and_flags_mark_its_lines(self) -> None:
        end = int(self.corpus.starts[1])
        self.assertEqual(self.text(self.corpus.tokens[:end]), self.texts[0])

        def lines_before(flag: Flag) -> list[str]:
            positions = np.flatnonzero(self.corpus.flags[:end] & flag)
            return [self.text(self.corpus.tokens[:position]).rpartition("\n")[2].strip() for position in positions]

        self.assertEqual(len(lines_before(Flag.LINE_BREAK)), MODULE.count("\n"))
        self.assertEqual(lines_before(Flag.METHOD_END), ["КонецПроцедуры", "EndFunction"])
        code = lines_before(Flag.CODE_LINE_END)
        self.assertIn("Если Остатки0.Количество() = 0 Тогда", code)
        self.assertFalse([line for line in code if line.startswith(("//", "|")) or len(line) < 12])
        starts = np.flatnonzero(self.corpus.flags[:end] & Flag.METHOD_START)
        self.assertEqual([self.text(self.corpus.tokens[at:end])[:9] for at in starts], ["Процедура", "Function "])


class WindowsTest(Prepared):
    def test_segments_tile_the_corpus(self) -> None:
        tiles = sorted(map(tuple, segments(self.corpus, np.random.default_rng(1), 120).tolist()))
        self.assertEqual(tiles[0][0], 0)
        self.assertEqual(tiles[-1][1], len(self.corpus.tokens))
        self.assertTrue(all(first[1] == second[0] for first, second in zip(tiles, tiles[1:])))
        self.assertTrue(set(self.corpus.starts.tolist()) <= {start for start, _ in tiles})

    def test_an_example_asks_suffix_first(self) -> None:
        example = Example(np.array([20, 21]), np.array([10, 11, 12]), last_line=1)
        inputs, targets, in_line = example.inputs_and_targets()
        self.assertEqual(inputs.tolist(), [FIM_SUFFIX, 20, 21, FIM_MIDDLE, 10, 11, 12, END_OF_TEXT])
        self.assertEqual(targets.tolist(), [IGNORED, 21, IGNORED, 10, 11, 12, END_OF_TEXT, IGNORED])
        self.assertEqual(targets[in_line].tolist(), [11, 12, END_OF_TEXT])
        self.assertEqual(len(inputs), len(example))

    def test_an_example_without_suffix_is_plain_text(self) -> None:
        inputs, targets, in_line = Example(None, np.array([10, 11]), last_line=0).inputs_and_targets()
        self.assertEqual(inputs.tolist(), [10, 11, END_OF_TEXT])
        self.assertEqual(targets.tolist(), [11, IGNORED, IGNORED])
        self.assertFalse(in_line.any())

    def test_shortening_drops_the_farthest_text(self) -> None:
        example = Example(np.array([20]), np.arange(10, 18), last_line=6).shortened(8)
        self.assertEqual((len(example), example.text.tolist(), example.last_line), (8, [14, 15, 16, 17], 2))

    def test_rows_hold_whole_examples(self) -> None:
        inputs, targets, in_line = Rows(self.corpus, self.vocabulary, 256, seed=3).batch(20)
        self.assertTrue((targets[inputs == FIM_PAD] == IGNORED).all())
        self.assertLess((inputs == FIM_PAD).mean(), 0.2)
        self.assertTrue((targets[in_line] != IGNORED).all())
        for row in inputs:
            markers = [token for token in row.tolist() if token in (FIM_SUFFIX, FIM_MIDDLE, END_OF_TEXT)]
            self.assertEqual(markers.count(FIM_SUFFIX), markers.count(FIM_MIDDLE))
            self.assertEqual(markers[-1], END_OF_TEXT)

    def test_answers_end_where_a_line_of_code_ends(self) -> None:
        inputs, targets, _ = Rows(self.corpus, self.vocabulary, 256, seed=3).batch(40)
        joins = closed = 0
        for row in inputs:
            text = self.text(row)
            for piece in text.split("<|endoftext|>"):
                suffix, marker, _ = piece.partition("<|fim_middle|>")
                if marker and suffix.startswith("<|fim_suffix|>") and len(suffix) > len("<|fim_suffix|>"):
                    joins += 1
                    closed += suffix.startswith("<|fim_suffix|>\n")
        self.assertGreater(joins, 20)
        self.assertGreater(closed / joins, 0.6)

    def test_rows_are_deterministic_and_can_be_continued(self) -> None:
        def first_batch(position: tuple[int, int]) -> np.ndarray:
            return Rows(self.corpus, self.vocabulary, 192, seed=3, position=position).batch(4)[0]

        self.assertTrue((first_batch((0, 0)) == first_batch((0, 0))).all())
        self.assertFalse((first_batch((0, 0)) == first_batch((0, 40))).all())
        rows = Rows(self.corpus, self.vocabulary, 192, seed=3)
        while rows.pass_number == 0:
            rows.batch(4)
        self.assertGreater(rows.place, 0)


class ModelTest(Prepared):
    SHAPE = Shape(vocabulary=600, hidden=32, layers=2, heads=4, key_value_heads=2, feed_forward=64)

    def test_saved_weights_load_and_leave_no_temporary_file(self) -> None:
        model = Model(self.SHAPE)
        with tempfile.TemporaryDirectory() as folder:
            save_model(model, Path(folder))
            self.assertEqual(sorted(path.name for path in Path(folder).iterdir()), ["config.json", "model.safetensors"])
            loaded = load_model(Path(folder))
        tokens = torch.randint(0, 600, (2, 16))
        torch.testing.assert_close(loaded(tokens), model(tokens), atol=1e-3, rtol=1e-2)

    def test_the_future_does_not_change_the_past(self) -> None:
        model = Model(self.SHAPE)
        tokens = torch.randint(0, 600, (1, 16))
        changed = tokens.clone()
        changed[0, 10:] = 7
        torch.testing.assert_close(model(tokens)[:, :10], model(changed)[:, :10])

    def test_attention_is_that_of_the_library(self) -> None:
        length = QUERIES_AT_ONCE * 2 + 9
        query, key, value = (torch.randn(2, 4, length, 8) for _ in range(3))
        expected = torch.nn.functional.scaled_dot_product_attention(query, key, value, is_causal=True)
        torch.testing.assert_close(attention(query, key, value), expected)

    def test_the_rate_rises_stays_and_falls(self) -> None:
        places = ((0, 0), (0.1, 50), (0.5, 90), (0.75, 120), (1, 150))
        factors = [train.learning_rate_factor(progress, step, 10, 0.5) for progress, step in places]
        self.assertEqual(factors, [0.1, 1.0, 1.0, 0.5, 0.0])

    def test_training_lowers_the_loss_and_resumes(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            data, out = Path(folder, "data"), Path(folder, "out")
            data.mkdir(), out.mkdir()
            self.tokenizer.save(str(data / "tokenizer.json"))
            for name in ("train", "held_out"):
                for kind in ("tokens", "flags", "starts"):
                    np.save(data / f"{name}.{kind}.npy", getattr(self.corpus, kind))
            common = [str(data), str(out), "--minutes", "1", "--batch", "2", "--context", "192", "--no-bf16",
                      "--held-out-batches", "2", "--threads", "1", "--learning-rate", "0.02", "--warm-up-steps", "1"]
            sizes = ["--hidden", "32", "--layers", "1", "--feed-forward", "64"]
            training = train.Training(train.parse_arguments(common + sizes))
            before = training.evaluate()[0]
            for _ in range(15):
                training.train_step(1.0)
            self.assertLess(training.evaluate()[0], before - 0.5)
            training.save()
            resumed = train.Training(train.parse_arguments([*common, "--resume"]))
            self.assertEqual((resumed.step, resumed.seen), (training.step, training.seen))
            self.assertEqual(resumed.rows.position, training.rows.position)
            self.assertAlmostEqual(resumed.evaluate()[0], training.evaluate()[0], places=5)
            resumed.arguments.million_tokens = (resumed.seen + 500) / 1e6
            resumed.run()
            self.assertGreaterEqual(resumed.seen, training.seen + 500)
            self.assertEqual(len((out / "log.jsonl").read_text(encoding="utf-8").splitlines()), 1)

    def test_the_length_is_given_in_tokens_or_in_minutes(self) -> None:
        training = train.Training.__new__(train.Training)
        training.seen, training.elapsed = 500_000, 30.0
        for option, value, expected in (("--minutes", "2", 0.25), ("--million-tokens", "2", 0.25)):
            training.arguments = train.parse_arguments(["data", "out", option, value])
            self.assertEqual(training.progress(), expected)

    def test_arguments_are_checked(self) -> None:
        for check, text in ((train.positive, "0"), (train.share, "1.5"), (train.context, "64")):
            with self.assertRaises(argparse.ArgumentTypeError):
                check(text)


class EvaluateTest(Prepared):
    def test_cases_continue_the_line_and_hide_it_from_the_prompt(self) -> None:
        maker = evaluate.CaseMaker(self.corpus, ["one"] * 20 + ["two"] * 20, self.tokenizer, seed=1)
        cases = maker.cases(24)
        self.assertEqual(len(cases), 24)
        self.assertEqual({case.source for case in cases}, {"one", "two"})
        for case in cases:
            prompt, expected = self.text(np.array(case.prompt)), self.text(np.array(case.expected))
            self.assertTrue(prompt.startswith("<|fim_suffix|>\n"), prompt)
            line = prompt.rpartition("\n")[2] + expected
            self.assertIn(line.strip(), "\n".join(self.texts))
            self.assertNotIn("\n", expected)
            if case.kind == "line start":
                self.assertEqual(line.strip(), expected.strip())

    def test_an_answer_must_end_with_the_line(self) -> None:
        class Echo:
            """Says token 9 for ever."""

            def __call__(self, tokens: torch.Tensor) -> torch.Tensor:
                return torch.nn.functional.one_hot(torch.full_like(tokens, 9), 12).float()

        case = evaluate.Case("one", "inside", [FIM_SUFFIX, FIM_MIDDLE, 8], [9, 9], 4)
        never, always = np.zeros(12, dtype=bool), np.ones(12, dtype=bool)
        self.assertFalse(evaluate.judge(Echo(), [case], never)[0].is_exact)
        self.assertTrue(evaluate.judge(Echo(), [case], always)[0].is_exact)


if __name__ == "__main__":
    unittest.main()
