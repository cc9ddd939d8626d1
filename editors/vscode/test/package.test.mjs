import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import test from "node:test";

const read = (file) => readFile(new URL(`../${file}`, import.meta.url), "utf8");
const readJson = async (file) => JSON.parse(await read(file));
const regExp = (rule) => (typeof rule === "string" ? new RegExp(rule) : new RegExp(rule.pattern, rule.flags));

const bsl = await readJson("language-configuration/bsl.json");

/** What the editor puts at the beginning of the line after Enter is pressed at the end of `before`. */
const afterEnter = (before) =>
  bsl.onEnterRules.find((rule) => regExp(rule.beforeText).test(before))?.action.appendText ?? "";

test("Enter inside a string continues it", () => {
  for (const before of ['Текст = "ВЫБРАТЬ', '\t"', '\t|\tТ.Ссылка КАК Ссылка,', '|  ""a"" КАК А', 'А = "x" + "y', '| http://x', '|x" + "y'])
    assert.equal(afterEnter(before), "|", before);
  for (const before of ['Текст = "ВЫБРАТЬ";', '\t|ИЗ Т";', 'А = 1; // the "note', 'А = Б / 2;', '| x"; // "note'])
    assert.equal(afterEnter(before), "", before);
});

test("Enter continues a comment that has text", () => {
  assert.equal(afterEnter("\t// Параметры:"), "// ");
  for (const before of ["//", "\t//  ", "////////", "//А = 1;", "А = 1; // note"]) assert.equal(afterEnter(before), "", before);
});

test("indentation of Russian and English blocks", () => {
  const { increaseIndentPattern, decreaseIndentPattern } = bsl.indentationRules;
  const [increase, decrease] = [regExp(increaseIndentPattern), regExp(decreaseIndentPattern)];
  for (const line of ["Асинх Процедура А()", "Если А Тогда", "\telsif A Then", "Иначе", "for each I In A Do", "Попытка", "Except"])
    assert.ok(increase.test(line), line);
  for (const line of ["Если А Тогда Б(); КонецЕсли;", "ЕслиНет = 1;", "ВызватьИсключение;", "ПроцедураА();", "Возврат;"])
    assert.ok(!increase.test(line), line);
  for (const line of ["КонецЕсли;", "\tИначе", "endprocedure", "Исключение"]) assert.ok(decrease.test(line), line);
  for (const line of ["КонецЕслиБы();", "Если А Тогда"]) assert.ok(!decrease.test(line), line);
});

test("regions fold and words are Cyrillic too", () => {
  assert.match("\t# ОБЛАСТЬ А", regExp(bsl.folding.markers.start));
  assert.match("#EndRegion // А", regExp(bsl.folding.markers.end));
  assert.doesNotMatch("#ОбластьА", regExp(bsl.folding.markers.start));
  assert.equal("  ТоварыЁ_1 = 2".match(regExp(bsl.wordPattern))[0], "ТоварыЁ_1");
});

test("commands and texts are declared once", async () => {
  const { contributes } = await readJson("package.json");
  const names = contributes.commands.map(({ command }) => command);
  assert.deepEqual(names, [...new Set(names)]);
  for (const file of ["package.nls.json", "package.nls.ru.json"]) {
    const keys = [...(await read(file)).matchAll(/^  "([^"]+)":/gm)].map(([, key]) => key);
    assert.deepEqual(keys, [...new Set(keys)], file);
  }
});

test("the client stays thin", async () => {
  const files = ["client", "commands", "extension", "server", "settings", "status"].map((name) => read(`src/${name}.ts`));
  const lines = (await Promise.all(files)).join("").split("\n").length - 1;
  assert.ok(lines <= 600, `${lines} lines`);
});

test("every text of the manifest exists in both languages", async () => {
  const used = [...(await read("package.json")).matchAll(/"%([\w.]+)%"/g)].map(([, key]) => key).sort();
  for (const file of ["package.nls.json", "package.nls.ru.json"]) {
    const texts = Object.keys(await readJson(file));
    assert.deepEqual(used.filter((key) => !texts.includes(key)), [], file);
  }
});

test("every message of the code is translated", async () => {
  const files = ["client", "commands", "extension", "server", "settings", "status"].map((name) => read(`src/${name}.ts`));
  const code = (await Promise.all(files)).join("\n");
  const used = [...code.matchAll(/l10n\.t\(\s*"([^"]+)"/g)].map(([, text]) => text);
  const translated = Object.keys(await readJson("l10n/bundle.l10n.ru.json"));
  assert.deepEqual([...new Set(used)].sort(), translated.sort());
});

test("the lock file names no registry host", async () => {
  assert.doesNotMatch(await read("package-lock.json"), /"resolved"/);
});
