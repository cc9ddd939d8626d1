import assert from "node:assert/strict";
import test from "node:test";
import { tokenize } from "./scopes.mjs";

/** `expected` lists `text → part of its scopes`; the texts are found in this order. */
async function check(scopeName, source, expected) {
  const tokens = await tokenize(scopeName, source);
  let from = 0;
  for (const [text, scope] of expected) {
    const index = tokens.findIndex((token, i) => i >= from && token.text === text);
    assert.notEqual(index, -1, `no token «${text}» after #${from} in\n${dump(tokens)}`);
    const { scopes } = tokens[index];
    assert.ok(scope === "" ? scopes === "" : scopes.includes(scope), `«${text}» is "${scopes}", expected "${scope}"`);
    from = index + 1;
  }
}

const dump = (tokens) => tokens.map(({ text, scopes }) => `  ${text}  →  ${scopes}`).join("\n");
const bsl = (source, expected) => check("source.bsl", source, expected);
const sdbl = (source, expected) => check("source.sdbl", source, expected);

test("a Russian method", () =>
  bsl(
    `Асинх Функция Сумма(Знач А, Б = -1, В = "x") Экспорт
	Если НЕ А > 10.5 Тогда
		Возврат Новый Массив(1);
	КонецЕсли;
	Ответ = Ждать Вопрос();
КонецФункции`,
    [
      ["Асинх", "storage.modifier.async"],
      ["Функция", "storage.type.function"],
      ["Сумма", "entity.name.function"],
      ["Знач", "storage.modifier.val"],
      ["А", "variable.parameter"],
      ["Б", "variable.parameter"],
      ["1", "constant.numeric"],
      ["В", "variable.parameter"],
      ["x", "string.quoted.double"],
      ["Экспорт", "storage.modifier.export"],
      ["Если", "keyword.control.conditional"],
      ["НЕ", "keyword.operator.expression.logical"],
      ["10.5", "constant.numeric"],
      ["Тогда", "keyword.control.conditional"],
      ["Возврат", "keyword.control.flow"],
      ["Новый", "keyword.operator.new"],
      ["Массив", "entity.name.type.class"],
      ["Ждать", "keyword.control.await"],
      ["Вопрос", "entity.name.function.call"],
      ["КонецФункции", "storage.type.function"],
    ],
  ));

test("an English method in any letter case", () =>
  bsl(
    `procedure Test(val A)
	FOR EACH Item IN A DO
		Item.Execute(True, Undefined, '20240131');
	enddo;
	Raise;
EndProcedure`,
    [
      ["procedure", "storage.type.procedure"],
      ["Test", "entity.name.function"],
      ["val", "storage.modifier.val"],
      ["FOR", "keyword.control.loop"],
      ["EACH", "keyword.control.loop"],
      ["IN", "keyword.control.loop"],
      ["Execute", "entity.name.function.member"],
      ["True", "constant.language.boolean"],
      ["Undefined", "constant.language"],
      ["20240131", "constant.other.date"],
      ["enddo", "keyword.control.loop"],
      ["Raise", "keyword.control.exception"],
      ["EndProcedure", "storage.type.procedure"],
    ],
  ));

test("a keyword after a dot or inside a name is a name", () =>
  bsl("Запрос.Выполнить(); Стр.Новый = 1; ЕслиНет = 2; Ждать = 0;", [
    ["Выполнить", "entity.name.function.member"],
    ["Новый", "variable.other.property"],
    ["ЕслиНет", "variable.other.bsl"],
    ["Ждать", "variable.other.bsl"],
  ]));

test("annotations with arguments", () =>
  bsl(
    `&НаСервереБезКонтекста
&Вместо("Старая")
& AtClient
Процедура А(&Вид(Имя = ")", &Длина(10)) Знач Б = 1)`,
    [
      ["НаСервереБезКонтекста", "storage.modifier.directive"],
      ["Вместо", "storage.modifier.extension"],
      ["Старая", "string.quoted.double"],
      ["AtClient", "storage.modifier.directive"],
      ["Вид", "storage.type.annotation"],
      [")", "string.quoted.double"],
      ["Длина", "storage.type.annotation"],
      ["Знач", "storage.modifier.val"],
      ["Б", "variable.parameter"],
    ],
  ));

test("preprocessor directives", () =>
  bsl(
    `#!/usr/bin/oscript
#Использовать "./lib"
# Область СлужебныйИнтерфейс // note
#If Server And Not ExternalConnection Then
#Иначе
#КонецЕсли
#EndRegion
#Вставка
#Обходимое`,
    [
      ["#!/usr/bin/oscript", "comment.line.shebang"],
      ["#Использовать", "keyword.control.directive.import"],
      ['"./lib"', "string.unquoted.import"],
      ["# Область", "keyword.control.directive.region"],
      ["СлужебныйИнтерфейс", "entity.name.section"],
      ["//", "comment.line"],
      ["#If", "keyword.control.directive.conditional"],
      ["Server", "support.constant.preprocessor"],
      ["And", "keyword.operator.expression.logical"],
      ["ExternalConnection", "support.constant.preprocessor"],
      ["Then", "keyword.control.directive.conditional"],
      ["#Иначе", "keyword.control.directive.conditional"],
      ["#КонецЕсли", "keyword.control.directive.conditional"],
      ["#EndRegion", "keyword.control.directive.region"],
      ["#Вставка", "keyword.control.directive.extension"],
      ["#Обходимое", "keyword.control.directive"],
    ],
  ));

test("a multi-line string with a query", () =>
  bsl(
    `Запрос.Текст =
	"ВЫБРАТЬ РАЗРЕШЕННЫЕ ПЕРВЫЕ 10
	// between the lines
	|	Т.Ссылка КАК Ссылка, ""м"" КАК М, // note
	|	ЕСТЬNULL(Т.Количество, 0)
	|ИЗ
	|	РегистрНакопления.Товары.Остатки(&Дата) КАК Т";
Если`,
    [
      ['"', "punctuation.definition.string.begin"],
      ["ВЫБРАТЬ", "meta.embedded.block.sdbl keyword.control.clause.sdbl"],
      ["ПЕРВЫЕ", "keyword.control.clause.sdbl"],
      ["10", "constant.numeric.sdbl"],
      ["between the lines", "comment.line.double-slash.bsl"],
      ["|", "punctuation.separator.continuation"],
      ["Ссылка", "variable.other.property.sdbl"],
      ["КАК", "keyword.other.alias.sdbl"],
      ['""', "string.quoted.double.sdbl"],
      ["м", "string.quoted.double.sdbl"],
      ["note", "comment.line.double-slash.sdbl"],
      ["ЕСТЬNULL", "support.function.sdbl"],
      ["Количество", "variable.other.property.sdbl"],
      ["ИЗ", "keyword.control.clause.sdbl"],
      ["РегистрНакопления", "support.class.sdbl"],
      ["Товары", "entity.name.type.sdbl"],
      ["Остатки", "support.function.virtual-table.sdbl"],
      ["&", "variable.parameter.sdbl"],
      ["Т", "variable.other.sdbl"],
      ['"', "punctuation.definition.string.end"],
      [";", "punctuation.separator.bsl"],
      ["Если", "keyword.control.conditional"],
    ],
  ));

test("a query that starts on the second line of its string", () =>
  bsl('Текст = "\n|SELECT\n|  A.Group AS Group";\nIf', [
    ["|", "punctuation.separator.continuation"],
    ["SELECT", "keyword.control.clause.sdbl"],
    ["Group", "variable.other.property.sdbl"],
    ["AS", "keyword.other.alias.sdbl"],
    ["If", "keyword.control.conditional"],
  ]));

test("doubled quotes at the end of a query belong to the query", () =>
  bsl('Т = "ВЫБРАТЬ """""; Б = "ВЫБРАТЬ ""а"""; В = 1', [
    ['""', "string.quoted.double.sdbl"],
    ['""', "string.quoted.double.sdbl"],
    ['"', "punctuation.definition.string.end"],
    ["Б", "variable.other.bsl"],
    ["а", "string.quoted.double.sdbl"],
    ["В", "variable.other.bsl"],
  ]));

test("a caption is no query, and an unclosed string ends with its line", () =>
  bsl('А = "Выбрать из списка";\nА = "Выбрать\n| Б";\nБ = "ВЫБРАТЬ А\nЕсли А Тогда', [
    ["Выбрать из списка", "string.quoted.double.bsl"],
    ["Выбрать", "keyword.control.clause.sdbl"],
    ["Б", "variable.other.sdbl"],
    ["ВЫБРАТЬ", "keyword.control.clause.sdbl"],
    ["Если", "keyword.control.conditional.bsl"],
  ]));

test("escapes and placeholders of a plain string", () =>
  bsl('А = "кавычки ""да"" %1"; Б = """"; // конец', [
    ['""', "constant.character.escape"],
    ["%1", "constant.other.placeholder"],
    ['""', "constant.character.escape"],
    ["конец", "comment.line.double-slash"],
  ]));

test("documentation comments", () =>
  bsl(
    `// Складывает числа.
//
// Параметры:
//  Слагаемое - Число, Строка - что сложить:
//   * Часть - Число - доля.
//
// Возвращаемое значение:
//  Число - сумма.
//
Функция А(Слагаемое)`,
    [
      ["Параметры", "keyword.other.documentation"],
      ["Слагаемое", "variable.parameter.documentation"],
      ["Число, Строка", "entity.name.type.documentation"],
      ["Часть", "variable.other.member.documentation"],
      ["Возвращаемое значение", "keyword.other.documentation"],
      ["Число", "entity.name.type.documentation"],
      ["Функция", "storage.type.function"],
      ["Слагаемое", "variable.parameter.bsl"],
    ],
  ));

test("labels, the ternary operator and an incomplete method header", () =>
  bsl("~Метка: Перейти ~Метка; А = ? (Б, 1, 2);\nПроцедура Б(\nКонецПроцедуры", [
    ["~Метка", "entity.name.label"],
    ["Перейти", "keyword.control.flow"],
    ["?", "keyword.operator.ternary"],
    ["Процедура", "storage.type.procedure"],
    ["КонецПроцедуры", "storage.type.procedure"],
  ]));

test("a Russian query text", () =>
  sdbl(
    `// отбор
ВЫБРАТЬ ВЫРАЗИТЬ(Т.Тип КАК ЧИСЛО(15, 2)) КАК Тип, Т.Регистратор ССЫЛКА Документ.Заказ, "a""b"
ПОМЕСТИТЬ Вт ИЗ #Таблица КАК Т ЛЕВОЕ СОЕДИНЕНИЕ Справочник.Товары КАК С ПО ИСТИНА
СГРУППИРОВАТЬ ПО Т.Тип`,
    [
      ["отбор", "comment.line"],
      ["ВЫБРАТЬ", "keyword.control.clause"],
      ["ВЫРАЗИТЬ", "support.function"],
      ["Тип", "variable.other.property"],
      ["ЧИСЛО", "storage.type"],
      ["Тип", "variable.other.sdbl"],
      ["ССЫЛКА", "keyword.operator.expression.logical"],
      ["Документ", "support.class"],
      ['""', "constant.character.escape"],
      ["ПОМЕСТИТЬ", "keyword.control.clause"],
      ["#Таблица", "constant.other.placeholder"],
      ["ЛЕВОЕ", "keyword.control.join"],
      ["ИСТИНА", "constant.language"],
      ["СГРУППИРОВАТЬ ПО", "keyword.control.clause"],
    ],
  ));

test("an English query with clause words as names", () =>
  sdbl("SELECT TOP 5 Recorder Group FROM Catalog.Items AS Items ORDER BY Order DESC; DROP T", [
    ["TOP", "keyword.control.clause"],
    ["Group", "variable.other"],
    ["FROM", "keyword.control.clause"],
    ["Catalog", "support.class"],
    ["ORDER BY", "keyword.control.clause"],
    ["Order", "variable.other"],
    ["DESC", "keyword.control.clause"],
    ["DROP", "keyword.control.clause"],
  ]));
