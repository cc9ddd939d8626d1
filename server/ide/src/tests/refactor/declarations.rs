//! Methods created, described and made visible.

use expect_test::expect;

use crate::RefactorOptions;
use crate::tests::refactor::{check, check_not_offered, check_not_offered_with, check_with};

fn knows_message(name: &str) -> bool {
    base::same_name(name, "Сообщить")
}

fn options() -> RefactorOptions<'static> {
    RefactorOptions { is_known_method: Some(&knows_message), ..RefactorOptions::default() }
}

#[test]
fn a_missing_method_is_written() {
    check_with(
        &options(),
        "createMethod",
        "&НаКлиенте\nПроцедура П()\n\tЗапол$0нить(Объект.Товары, 1, А, А, , Новый Массив);\nКонецПроцедуры // П\n",
        expect![[r#"
            &НаКлиенте
            Процедура П()
            	Заполнить(Объект.Товары, 1, А, А, , Новый Массив);
            КонецПроцедуры // П

            &НаКлиенте
            Процедура Заполнить(Товары, Параметр2, А, А1, Параметр5, Массив)

            КонецПроцедуры
        "#]],
    );
    check_with(
        &options(),
        "createMethod",
        "Function A()\n\n    Return Sum$0();\n\nEndFunction\n\nProcedure B()\nEndProcedure\n",
        expect![[r#"
            Function A()

                Return Sum();

            EndFunction

            Function Sum()

                Return Undefined;

            EndFunction

            Procedure B()
            EndProcedure
        "#]],
    );
}

#[test]
fn known_methods_are_not_written() {
    for call in ["сообщить$0(1)", "п$0()", "А.Б$0()", "Сообщить(А$0)"] {
        let fixture = format!("Процедура П()\n\t{call};\nКонецПроцедуры");
        check_not_offered_with(&options(), "createMethod", &fixture);
        check_not_offered("createMethod", &fixture);
    }
}

#[test]
fn export_is_added_in_the_header() {
    check(
        "addExport",
        "Процедура$0 П(А = 1)\nКонецПроцедуры",
        expect![[r#"
        Процедура П(А = 1) Экспорт
        КонецПроцедуры"#]],
    );
    check("addExport", "Var A, B$0;", expect!["Var A, B Export;"]);
    for fixture in [
        "Процедура П$0() Экспорт\nКонецПроцедуры",
        "Процедура П()\n\tА$0 = 1;\nКонецПроцедуры",
        "Процедура П()\n\tПерем А$0;\nКонецПроцедуры",
    ] {
        check_not_offered("addExport", fixture);
    }
}

#[test]
fn a_method_is_described() {
    check(
        "describeMethod",
        "#Область О\n\n&НаСервере\nФункция$0 Ф(А, Знач Б = \"\", В = -1, Г = Неопределено) Экспорт\n\tД = Новый Структура;\n\tВозврат Д;\nКонецФункции\n",
        expect![[r##"
            #Область О

            // $0Описание метода.
            //
            // Параметры:
            //  А - Произвольный - 
            //  Б - Строка - 
            //  В - Число - 
            //  Г - Неопределено - 
            //
            // Возвращаемое значение:
            //  Структура - 
            //
            &НаСервере
            Функция Ф(А, Знач Б = "", В = -1, Г = Неопределено) Экспорт
            	Д = Новый Структура;
            	Возврат Д;
            КонецФункции
        "##]],
    );
    check(
        "describeMethod",
        "Procedure P$0()\r\nEndProcedure\r\n",
        expect![[r#"
            // $0Description of the method.
            //
            Procedure P()
            EndProcedure
        "#]],
    );
    check(
        "describeMethod",
        "Function F$0(A = True)\n\tIf A Then Return 1; EndIf;\n\tReturn A = 2;\nEndFunction",
        expect![[r#"
            // $0Description of the method.
            //
            // Parameters:
            //  A - Boolean - 
            //
            // Returns:
            //  Number, Boolean - 
            //
            Function F(A = True)
            	If A Then Return 1; EndIf;
            	Return A = 2;
            EndFunction"#]],
    );
    check_not_offered("describeMethod", "// Есть.\n&НаКлиенте\nПроцедура П$0()\nКонецПроцедуры");
}
