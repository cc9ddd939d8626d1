//! Functions of dates.

use crate::arguments::Arguments;
use crate::builtins::Entry;
use crate::date::{Date, DateParts, month_days};
use crate::failure::{Outcome, messages};
use crate::machine::Machine;
use crate::value::Value;

/// 1970-01-01 in seconds since 0001-01-01.
pub(crate) const UNIX_EPOCH: i64 = 62_135_596_800;

pub(super) const TABLE: &[Entry] = &[
    ("Дата", "Date", 1, 6, date),
    ("ТекущаяДата", "CurrentDate", 0, 0, |machine, _| Ok(now(machine).into())),
    ("ТекущаяДатаСеанса", "CurrentSessionDate", 0, 0, |machine, _| Ok(now(machine).into())),
    ("ТекущаяУниверсальнаяДата", "CurrentUniversalDate", 0, 0, |machine, _| {
        Ok(now(machine).into())
    }),
    (
        "ТекущаяУниверсальнаяДатаВМиллисекундах",
        "CurrentUniversalDateInMilliseconds",
        0,
        0,
        |machine, _| Ok((now(machine).0 * 1000 + (machine.clock.now() / 1_000_000 % 1000) as i64).into()),
    ),
    // The session lives in universal time.
    ("МестноеВремя", "ToLocalTime", 1, 2, |_, arguments| Ok(of(arguments, 0)?.into())),
    ("УниверсальноеВремя", "ToUniversalTime", 1, 2, |_, arguments| {
        Ok(of(arguments, 0)?.into())
    }),
    ("СмещениеСтандартногоВремени", "StandardTimeOffset", 0, 2, |_, _| {
        Ok(0_i64.into())
    }),
    ("ЧасовойПояс", "TimeZone", 0, 0, |_, _| Ok("UTC".into())),
    ("ЧасовойПоясСеанса", "SessionTimeZone", 0, 0, |_, _| Ok("UTC".into())),
    ("Год", "Year", 1, 1, |_, arguments| Ok(of(arguments, 0)?.parts().year.into())),
    ("Месяц", "Month", 1, 1, |_, arguments| Ok(of(arguments, 0)?.parts().month.into())),
    ("День", "Day", 1, 1, |_, arguments| Ok(of(arguments, 0)?.parts().day.into())),
    ("Час", "Hour", 1, 1, |_, arguments| Ok(of(arguments, 0)?.parts().hour.into())),
    ("Минута", "Minute", 1, 1, |_, arguments| Ok(of(arguments, 0)?.parts().minute.into())),
    ("Секунда", "Second", 1, 1, |_, arguments| Ok(of(arguments, 0)?.parts().second.into())),
    ("ДеньНедели", "WeekDay", 1, 1, |_, arguments| Ok(of(arguments, 0)?.week_day().into())),
    ("ДеньГода", "DayOfYear", 1, 1, |_, arguments| {
        let date = of(arguments, 0)?;
        Ok(((date.start_of_day().0 - start_of(date, 1, 1).0) / 86_400 + 1).into())
    }),
    ("НеделяГода", "WeekOfYear", 1, 1, |_, arguments| {
        let date = of(arguments, 0)?;
        let first = start_of(date, 1, 1);
        let days = (date.start_of_day().0 - first.0) / 86_400;
        Ok(((days + first.week_day() - 1) / 7 + 1).into())
    }),
    ("НачалоДня", "BegOfDay", 1, 1, |_, arguments| Ok(of(arguments, 0)?.start_of_day().into())),
    ("КонецДня", "EndOfDay", 1, 1, |_, arguments| Ok(end(of(arguments, 0)?.start_of_day()).into())),
    ("НачалоЧаса", "BegOfHour", 1, 1, |_, arguments| Ok(floor(of(arguments, 0)?, 3600).into())),
    ("КонецЧаса", "EndOfHour", 1, 1, |_, arguments| {
        Ok(floor(of(arguments, 0)?, 3600).shifted(3599).into())
    }),
    ("НачалоМинуты", "BegOfMinute", 1, 1, |_, arguments| Ok(floor(of(arguments, 0)?, 60).into())),
    ("КонецМинуты", "EndOfMinute", 1, 1, |_, arguments| {
        Ok(floor(of(arguments, 0)?, 60).shifted(59).into())
    }),
    ("НачалоНедели", "BegOfWeek", 1, 1, |_, arguments| Ok(week(of(arguments, 0)?).into())),
    ("КонецНедели", "EndOfWeek", 1, 1, |_, arguments| {
        Ok(end(week(of(arguments, 0)?).shifted(6 * 86_400)).into())
    }),
    ("НачалоМесяца", "BegOfMonth", 1, 1, |_, arguments| {
        let date = of(arguments, 0)?;
        Ok(start_of(date, date.parts().month, 1).into())
    }),
    ("КонецМесяца", "EndOfMonth", 1, 1, |_, arguments| {
        let date = of(arguments, 0)?;
        let DateParts { year, month, .. } = date.parts();
        Ok(end(start_of(date, month, month_days(year, month))).into())
    }),
    ("НачалоКвартала", "BegOfQuarter", 1, 1, |_, arguments| {
        let date = of(arguments, 0)?;
        Ok(start_of(date, quarter(date), 1).into())
    }),
    ("КонецКвартала", "EndOfQuarter", 1, 1, |_, arguments| {
        let date = of(arguments, 0)?;
        let last = quarter(date) + 2;
        Ok(end(start_of(date, last, month_days(date.parts().year, last))).into())
    }),
    ("НачалоГода", "BegOfYear", 1, 1, |_, arguments| Ok(start_of(of(arguments, 0)?, 1, 1).into())),
    ("КонецГода", "EndOfYear", 1, 1, |_, arguments| {
        Ok(end(start_of(of(arguments, 0)?, 12, 31)).into())
    }),
    ("ДобавитьМесяц", "AddMonth", 2, 2, |_, arguments| {
        Ok(of(arguments, 0)?.shifted_by_months(arguments.integer(1)?).into())
    }),
];

fn of(arguments: &Arguments<'_>, index: usize) -> Outcome<Date> {
    match arguments.value(index) {
        Value::Date(date) => Ok(date),
        _ => Err(messages::wrong_type(index + 1)),
    }
}

fn end(day: Date) -> Date {
    day.shifted(86_399)
}

fn floor(date: Date, seconds: i64) -> Date {
    Date(date.0 - date.0.rem_euclid(seconds))
}

fn week(date: Date) -> Date {
    date.start_of_day().shifted(-(date.week_day() - 1) * 86_400)
}

/// First month of the quarter.
fn quarter(date: Date) -> i64 {
    (date.parts().month - 1) / 3 * 3 + 1
}

fn start_of(date: Date, month: i64, day: i64) -> Date {
    let parts = DateParts { year: date.parts().year, month, day, hour: 0, minute: 0, second: 0 };
    Date::from_parts(parts).unwrap_or(date)
}

fn date(_: &mut Machine, arguments: &mut Arguments<'_>) -> Outcome {
    if arguments.len() == 1 {
        return match arguments.value(0) {
            Value::Date(date) => Ok(date.into()),
            Value::Text(text) => {
                Date::from_digits(&text).map(Value::Date).ok_or_else(|| messages::no_conversion("Дата"))
            }
            _ => Err(messages::no_conversion("Дата")),
        };
    }
    arguments.expect(3, 6)?;
    let parts = DateParts {
        year: arguments.integer(0)?,
        month: arguments.integer(1)?,
        day: arguments.integer(2)?,
        hour: arguments.integer_or(3, 0)?,
        minute: arguments.integer_or(4, 0)?,
        second: arguments.integer_or(5, 0)?,
    };
    Date::from_parts(parts).map(Value::Date).ok_or_else(|| messages::wrong_value(1))
}

/// The real time, or a fixed day plus the virtual clock.
fn now(machine: &Machine) -> Date {
    const VIRTUAL_START: i64 = UNIX_EPOCH + 1_767_225_600;
    if let crate::machine::Clock::Virtual { now_ns, .. } = machine.clock {
        return Date(VIRTUAL_START + (now_ns / 1_000_000_000) as i64);
    }
    let elapsed = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    Date(UNIX_EPOCH + elapsed.map_or(0, |elapsed| elapsed.as_secs() as i64))
}
