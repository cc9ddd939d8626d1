const assert = require("node:assert/strict");
const vscode = require("vscode");
const { found, keys, open, report, until } = require("./support");

suite("from a click to findings", () => {
  test("the extension starts and reports", async () => {
    const extension = vscode.extensions.getExtension("strizh.strizh");
    assert.ok(!extension.isActive, "started before the first module was opened");
    const [started, used] = [performance.now(), process.cpuUsage()];
    await extension.activate();
    report("activation, ms", (performance.now() - started).toFixed(1));
    const { user, system } = process.cpuUsage(used);
    report("activation, ms of processor", ((user + system) / 1_000).toFixed(1));
    const { document } = await open("Эмодзи.bsl");
    await until("findings", () => found(document.uri).length > 0);
    report("from the start of activation to the first findings, ms", (performance.now() - started).toFixed(0));
    assert.ok(keys(document.uri).includes("SelfAssign"));
  });

  test("findings stand at their code after Cyrillic letters and emoji", async () => {
    const { document } = await open("Эмодзи.bsl");
    const places = await until("findings", () => {
      const all = found(document.uri).map(({ code, range }) => `${code.value} ${document.getText(range)}`);
      return all.length === 6 && all;
    });
    assert.deepEqual(places.sort(), [
      "DeprecatedMessage Сообщить",
      "EmptyCodeBlock Если Товар = Неопределено Тогда",
      "MissingParameterDescription Проверить",
      "OneStatementPerLine Если Товар = Неопределено Тогда КонецЕсли;",
      "OneStatementPerLine Товар = Товар;",
      "SelfAssign Товар = Товар",
    ]);
  });

  test("commands of the manifest are registered", async () => {
    const all = new Set(await vscode.commands.getCommands(true));
    for (const name of ["restartServer", "stopServer", "showOutput", "serverVersion", "modelInfo", "menu", "ruleDocs", "checkWorkspace", "explain"])
      assert.ok(all.has(`strizh.${name}`), name);
  });
});
