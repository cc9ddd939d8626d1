//! Speed of the interpreter by operation: `cargo bench -p testhost [-- NAME…]`. Each line runs a loop of BSL with the
//! operation in its body and takes off what the same loop costs empty; the first line is the loop itself.

use std::io::Write;
use std::time::Instant;

use testhost::{Failure, Limits, Machine};

/// What is measured: name, what stands before the loop, its body, iterations, operations in one iteration.
struct Operation {
    name: &'static str,
    before: &'static str,
    body: &'static str,
    count: u32,
    per_iteration: u32,
}

const fn operation(name: &'static str, before: &'static str, body: &'static str) -> Operation {
    Operation { name, before, body, count: 2_000_000, per_iteration: 1 }
}

const METHODS: &str = "
Функция Пустая()
КонецФункции
Функция Сумма(Знач А, Знач Б)
	Возврат А + Б;
КонецФункции
Процедура Ссылка(А)
	А = А + 1;
КонецПроцедуры
Функция Фибоначчи(Н)
	Если Н < 2 Тогда
		Возврат Н;
	КонецЕсли;
	Возврат Фибоначчи(Н - 1) + Фибоначчи(Н - 2);
КонецФункции
";

const OPERATIONS: &[Operation] = &[
    operation("loop `Для`, empty", "", ""),
    operation("loop `Для` with a sum", "С = 0;", "С = С + Н;"),
    operation("assignment of a local", "А = 1;", "Б = А;"),
    operation("whole numbers: `А * 3 - 7`", "А = 5;", "Б = А * 3 - 7;"),
    operation("fractions: `А * 1.5`", "А = 5.25;", "Б = А * 1.5;"),
    operation("condition `Если А > Н`", "А = 5;", "Если А > Н Тогда КонецЕсли;"),
    operation("division", "А = 22;", "Б = А / 7;"),
    operation("call without parameters", "", "Пустая();"),
    operation("call with two parameters", "", "С = Сумма(Н, 1);"),
    operation("call with a reference", "С = 0;", "Ссылка(С);"),
    Operation {
        name: "call, recursive (Fibonacci 20)",
        before: "",
        body: "С = Фибоначчи(20);",
        count: 40,
        per_iteration: 21_891,
    },
    operation("built-in function: `СтрДлина`", "Т = \"стриж летит\";", "С = СтрДлина(Т);"),
    operation("text: join of two short ones", "Т = \"стриж\";", "С = Т + \" летит\";"),
    operation("text: number to text", "", "С = Строка(Н);"),
    operation("text: `СтрНайти`", "Т = \"стриж летит\";", "С = СтрНайти(Т, \"летит\");"),
    operation("text: `СтрРазделить` of 5 parts", "Т = \"а,б,в,г,д\";", "С = СтрРазделить(Т, \",\");"),
    operation("text: `СтрШаблон`", "", "С = СтрШаблон(\"%1 из %2\", Н, 100);"),
    operation("array: `Добавить`", "М = Новый Массив;", "М.Добавить(Н);"),
    operation("array: read by index", "М = Новый Массив(10);", "С = М[5];"),
    operation("array: write by index", "М = Новый Массив(10);", "М[5] = Н;"),
    Operation {
        name: "array: `Для Каждого`, an item",
        before: "М = Новый Массив(1000);",
        body: "Для Каждого Э Из М Цикл КонецЦикла;",
        count: 1_000,
        per_iteration: 1_000,
    },
    operation("structure: read a property", "С = Новый Структура(\"А, Б, В\", 1, 2, 3);", "Х = С.В;"),
    operation("structure: write a property", "С = Новый Структура(\"А, Б, В\", 1, 2, 3);", "С.В = Н;"),
    operation("structure: new with three fields", "", "С = Новый Структура(\"А, Б, В\", 1, 2, 3);"),
    operation("map: write", "С = Новый Соответствие;", "С[Н % 1000] = Н;"),
    operation("map: read", "С = Новый Соответствие; С[5] = 1;", "Х = С[5];"),
    operation("map: read by text", "С = Новый Соответствие; С[\"ключ\"] = 1;", "Х = С[\"ключ\"];"),
    operation(
        "table: add a row, write a field",
        "Т = Новый ТаблицаЗначений; Т.Колонки.Добавить(\"А\");",
        "Т.Добавить().А = Н;",
    ),
    operation("exception: `Попытка` without an error", "", "Попытка Исключение КонецПопытки;"),
    Operation {
        name: "exception: raised and caught",
        before: "",
        body: "Попытка ВызватьИсключение \"х\"; Исключение КонецПопытки;",
        count: 200_000,
        per_iteration: 1,
    },
    operation("`Формат` of a number", "", "С = Формат(Н, \"ЧГ=0\");"),
];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let names: Vec<String> = std::env::args().skip(1).filter(|name| !name.starts_with('-')).collect();
    let mut output = std::io::stdout().lock();
    writeln!(output, "| Operation | ns |\n|---|---|")?;
    for operation in OPERATIONS {
        if !names.is_empty() && !names.iter().any(|name| operation.name.contains(name.as_str())) {
            continue;
        }
        let whole = seconds(operation, operation.body)?;
        let empty = if operation.body.is_empty() { 0.0 } else { seconds(operation, "")? };
        let count = f64::from(operation.count) * f64::from(operation.per_iteration);
        writeln!(output, "| {} | {:.1} |", operation.name, (whole - empty).max(0.0) * 1e9 / count)?;
        output.flush()?;
    }
    Ok(())
}

/// Seconds of work of the fastest of some runs.
fn seconds(operation: &Operation, body: &str) -> Result<f64, Box<Failure>> {
    const RUNS: u32 = 5;
    let code = format!(
        "{METHODS}\nФункция Измерить() Экспорт\n{}\nДля Н = 1 По {} Цикл\n{body}\nКонецЦикла;\nКонецФункции\n",
        operation.before, operation.count
    );
    let mut machine = Machine::new(Limits { memory: 4 << 30, ..Limits::default() });
    let module = machine.load("Замер", &code)?;
    let mut best = f64::MAX;
    for _ in 0..RUNS {
        let (start, worked) = (Instant::now(), processor_seconds());
        machine.call(&module, "Измерить", Vec::new())?;
        let elapsed = start.elapsed().as_secs_f64();
        let worked = processor_seconds().zip(worked).map(|(after, before)| after - before);
        best = best.min(worked.filter(|worked| *worked > 0.0).unwrap_or(elapsed));
    }
    Ok(best)
}

/// Time that the processor gave to this thread, where the system tells it: others may be at work here too.
fn processor_seconds() -> Option<f64> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    let nanoseconds: f64 = text.split(' ').next()?.parse().ok()?;
    Some(nanoseconds / 1e9)
}
