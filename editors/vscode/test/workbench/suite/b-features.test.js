const assert = require("node:assert/strict");
const vscode = require("vscode");
const { found, keys, open, place, until } = require("./support");

const SALES = "designer/CommonModules/ПродажиСервер/Ext/Module.bsl";
const text = (contents) => contents.map((content) => (typeof content === "string" ? content : content.value)).join("\n");

suite("features", () => {
  test("hover tells the header and the description of a method", async () => {
    const { document } = await open(SALES);
    const at = place(document, "ЦенаНаДату(", 1);
    const said = await until("a hover", async () => {
      const hovers = await vscode.commands.executeCommand("vscode.executeHoverProvider", document.uri, at);
      return hovers.length > 0 && hovers.map(({ contents }) => text(contents)).join("\n");
    });
    assert.match(said, /Функция ЦенаНаДату\(Номенклатура, ВидЦены, ДатаЦены\)/);
    assert.match(said, /цену номенклатуры на дату/);
  });

  test("completion knows members of a value and tables of a query", async () => {
    const { document } = await open(SALES);
    const after = async (piece) => {
      const at = place(document, piece).translate(0, piece.length);
      const list = await vscode.commands.executeCommand("vscode.executeCompletionItemProvider", document.uri, at);
      return list.items.map(({ label }) => (typeof label === "string" ? label : label.label));
    };
    await until("members", async () => (await after("\tЗапрос.")).includes("УстановитьПараметр"));
    const tables = await after("РегистрНакопления.");
    assert.ok(tables.includes("ОстаткиТоваров") && tables.includes("Продажи"), tables.join());
  });

  test("definition of a method of another module", async () => {
    const { document } = await open(SALES);
    const at = place(document, "ОбщегоНазначенияТорговли.ЗаписатьОшибку").translate(0, 30);
    const targets = await until("a definition", async () => {
      const all = await vscode.commands.executeCommand("vscode.executeDefinitionProvider", document.uri, at);
      return all.length > 0 && all;
    });
    assert.match(decodeURIComponent(String(targets[0].targetUri ?? targets[0].uri)), /ОбщегоНазначенияТорговли\/Ext\/Module\.bsl$/);
  });

  test("a quick fix repairs the finding", async () => {
    const { document } = await open("Эмодзи.bsl");
    const problem = await until("the finding", () => found(document.uri).find(({ code }) => code?.value === "SelfAssign"));
    const actions = await vscode.commands.executeCommand("vscode.executeCodeActionProvider", document.uri, problem.range, undefined, 10);
    const fix = actions.find(({ title, edit }) => edit && /Значение присваивается самому себе/.test(title));
    assert.ok(fix, actions.map(({ title }) => title).join());
    await vscode.workspace.applyEdit(fix.edit);
    await until("the finding to go", () => !keys(document.uri).includes("SelfAssign"));
    await vscode.commands.executeCommand("undo");
    await until("the finding to come back", () => keys(document.uri).includes("SelfAssign"));
  });

  test("semantic colours, outline and folding", async () => {
    const { document } = await open(SALES);
    const tokens = await until("tokens", () => vscode.commands.executeCommand("vscode.provideDocumentSemanticTokens", document.uri));
    assert.ok(tokens.data.length > 1_000);
    const symbols = await vscode.commands.executeCommand("vscode.executeDocumentSymbolProvider", document.uri);
    assert.ok(symbols.some(({ name }) => name === "ПрограммныйИнтерфейс"), symbols.map(({ name }) => name).join());
    const folds = await vscode.commands.executeCommand("vscode.executeFoldingRangeProvider", document.uri);
    assert.ok(folds.length > 20);
  });

  test("the file of a query and the file of OneScript have their languages", async () => {
    assert.equal((await vscode.workspace.openTextDocument({ language: "sdbl", content: "ВЫБРАТЬ 1" })).languageId, "sdbl");
    const cyrillic = vscode.workspace.getConfiguration("editor.unicodeHighlight", { languageId: "bsl" });
    assert.equal(cyrillic.get("nonBasicASCII"), false);
    assert.equal(cyrillic.get("ambiguousCharacters"), false);
  });
});
