//! Calls between modules, and looking at running code from outside.

use std::cell::RefCell;
use std::rc::Rc;

use testhost::{CommonModule, Failure, Machine, Observer, Outcome, Value};

const COMMON: &str = "
Перем Счет Экспорт;
Процедура Увеличить(А) Экспорт
	А = А + 1;
	Счет = А;
КонецПроцедуры
Функция Внутренняя()
	Возврат 1;
КонецФункции
Процедура ПослеВыбора(Результат, Параметры) Экспорт
	Сообщить(\"выбрано \" + Результат + \" для \" + Параметры);
КонецПроцедуры
Процедура Упасть() Экспорт
	А = Неопределено;
	А.Поле = 1;
КонецПроцедуры
";

/// What a program prints that may use the module `Общий`, with the stack of its error.
fn output(code: &str) -> String {
    let mut machine = Machine::default();
    let instance =
        machine.load("ОбщийМодуль.Общий.Модуль", COMMON).unwrap_or_else(|failure| panic!("{failure}"));
    machine.define("Общий", Value::object(CommonModule { instance }));
    if let Err(failure) = machine.load("Тест", code) {
        machine.output.push(failure.detailed().into());
    }
    machine.output.join("\n")
}

#[test]
fn variables_go_by_reference_into_other_modules() {
    assert_eq!(output("Х = 5;\nОбщий.Увеличить(Х);\nСообщить(Х);\nСообщить(Общий.Счет);"), "6\n6");
    assert_eq!(output("Общий.Счет = 7;\nСообщить(Общий.Счет);"), "7");
}

#[test]
fn only_exported_methods_are_called() {
    let expected = "{Тест(1)}: Метод объекта не обнаружен (Внутренняя)\n{Тест(1)}:А = Общий.Внутренняя();";
    assert_eq!(output("А = Общий.Внутренняя();"), expected);
}

#[test]
fn notifications_call_their_procedure() {
    let code = "О = Новый ОписаниеОповещения(\"ПослеВыбора\", Общий, \"формы\");\nВыполнитьОбработкуОповещения(О, 5);";
    assert_eq!(output(code), "выбрано 5 для формы");
    let code = "N = New NotifyDescription(\"ПослеВыбора\", Общий, \"form\");\nExecuteNotifyProcessing(N, 1);";
    assert_eq!(output(code), "выбрано 1 для form");
}

#[test]
fn stacks_go_through_modules() {
    let expected = "{ОбщийМодуль.Общий.Модуль(15)}: Значение не является значением объектного типа (Поле)
{ОбщийМодуль.Общий.Модуль(15)}:А.Поле = 1;
{Тест(1)}:Общий.Упасть();";
    assert_eq!(output("Общий.Упасть();"), expected);
}

/// Notes lines and the variables at one of them.
#[derive(Default)]
struct Notes {
    lines: RefCell<Vec<u32>>,
    variables: RefCell<Vec<String>>,
}

impl Observer for Notes {
    fn line(&self, machine: &mut Machine, _module: &Rc<str>, line: u32) -> Outcome<()> {
        self.lines.borrow_mut().push(line);
        if line == 3 {
            let shown =
                machine.variables(0).into_iter().map(|(name, value)| format!("{}={value:?}", name.shown));
            self.variables.borrow_mut().extend(shown);
        }
        if line == 5 {
            return Err(Failure::runtime("остановлено"));
        }
        Ok(())
    }
}

#[test]
fn an_observer_sees_every_line_and_may_stop() {
    let notes = Rc::new(Notes::default());
    let mut machine = Machine::default();
    machine.set_observer(Some(notes.clone()));
    let code = "А = 1;\nДля Н = 1 По 2 Цикл\n\tБ = А + Н;\nКонецЦикла;\nСообщить(Б);";
    let failure = machine.load("Тест", code).err().expect("the observer stops it");
    assert_eq!(failure.description(), "{Тест(5)}: остановлено");
    assert_eq!(*notes.lines.borrow(), [1, 2, 3, 3, 5]);
    assert_eq!(*notes.variables.borrow(), ["А=1", "Н=1", "Б=Неопределено", "А=1", "Н=2", "Б=2"]);
}
