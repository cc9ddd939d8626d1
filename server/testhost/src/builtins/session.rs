//! The session: messages, transactions, the temporary storage, modes that do nothing here.

use crate::arguments::Arguments;
use crate::builtins::Entry;
use crate::failure::{Outcome, messages};
use crate::machine::Machine;
use crate::name::Name;
use crate::object::Object;
use crate::objects::record;
use crate::objects::uuid;
use crate::value::Value;

pub(super) const TABLE: &[Entry] = &[
    ("Сообщить", "Message", 1, 2, |machine, arguments| {
        let text = arguments.value(0).presentation();
        machine.say(text)?;
        Ok(Value::Undefined)
    }),
    ("ОчиститьСообщения", "ClearMessages", 0, 0, nothing),
    ("Состояние", "Status", 0, 4, nothing),
    ("НачатьТранзакцию", "BeginTransaction", 0, 1, |machine, _| {
        machine.transactions.begin();
        Ok(Value::Undefined)
    }),
    ("ЗафиксироватьТранзакцию", "CommitTransaction", 0, 0, |machine, _| {
        machine.transactions.commit().map(|_| Value::Undefined)
    }),
    ("ОтменитьТранзакцию", "RollbackTransaction", 0, 0, |machine, _| {
        machine.transactions.roll_back().map(|_| Value::Undefined)
    }),
    ("ТранзакцияАктивна", "TransactionActive", 0, 0, |machine, _| {
        Ok(machine.transactions.is_active().into())
    }),
    ("ПоместитьВоВременноеХранилище", "PutToTempStorage", 1, 2, put_to_storage),
    (
        "ПолучитьИзВременногоХранилища",
        "GetFromTempStorage",
        1,
        1,
        |machine, arguments| Ok(machine.storage.get(&arguments.text(0)?).cloned().unwrap_or_default()),
    ),
    (
        "УдалитьИзВременногоХранилища",
        "DeleteFromTempStorage",
        1,
        1,
        |machine, arguments| {
            machine.storage.remove(&arguments.text(0)?);
            Ok(Value::Undefined)
        },
    ),
    ("ЭтоАдресВременногоХранилища", "IsTempStorageURL", 1, 1, |_, arguments| {
        Ok(arguments.text(0)?.starts_with(STORAGE).into())
    }),
    ("ВыполнитьОбработкуОповещения", "ExecuteNotifyProcessing", 1, 2, record::notify),
    ("ЗаписьЖурналаРегистрации", "WriteLogEvent", 1, 6, nothing),
    ("УстановитьПривилегированныйРежим", "SetPrivilegedMode", 1, 1, nothing),
    ("ПривилегированныйРежим", "PrivilegedMode", 0, 0, |_, _| Ok(true.into())),
    ("УстановитьБезопасныйРежим", "SetSafeMode", 1, 1, nothing),
    ("БезопасныйРежим", "SafeMode", 0, 0, |_, _| Ok(false.into())),
    ("УстановитьОтключениеБезопасногоРежима", "SetSafeModeDisabled", 1, 1, nothing),
    ("УстановитьМонопольныйРежим", "SetExclusiveMode", 1, 1, nothing),
    ("МонопольныйРежим", "ExclusiveMode", 0, 0, |_, _| Ok(false.into())),
    ("ОбработкаПрерыванияПользователя", "UserInterruptProcessing", 0, 0, nothing),
    ("ОбновитьПовторноИспользуемыеЗначения", "RefreshReusableValues", 0, 0, nothing),
    ("ЗаблокироватьДанныеДляРедактирования", "LockDataForEdit", 1, 3, nothing),
    ("РазблокироватьДанныеДляРедактирования", "UnlockDataForEdit", 0, 2, nothing),
    ("ИмяПользователя", "UserName", 0, 0, |_, _| Ok("".into())),
    ("ПолноеИмяПользователя", "UserFullName", 0, 0, |_, _| Ok("".into())),
    ("ИмяКомпьютера", "ComputerName", 0, 0, |_, _| Ok("host".into())),
    ("НомерСеансаИнформационнойБазы", "InfoBaseSessionNumber", 0, 0, |_, _| {
        Ok(1_i64.into())
    }),
    ("НомерСоединенияИнформационнойБазы", "InfoBaseConnectionNumber", 0, 0, |_, _| Ok(1_i64.into())),
    ("ТекущийКодЛокализации", "CurrentLocaleCode", 0, 0, |_, _| Ok("ru_RU".into())),
    ("ПравоДоступа", "AccessRight", 2, 4, |_, _| Ok(true.into())),
    ("РольДоступна", "IsInRole", 1, 1, |_, _| Ok(true.into())),
    ("ПолучитьИдентификаторКонфигурации", "GetConfigurationID", 0, 0, |_, _| Ok("".into())),
];

const STORAGE: &str = "e1cib/tempstorage/";

fn nothing(_: &mut Machine, _: &mut Arguments<'_>) -> Outcome {
    Ok(Value::Undefined)
}

/// Puts a value under a new address, or under the one that is given.
fn put_to_storage(machine: &mut Machine, arguments: &mut Arguments<'_>) -> Outcome {
    let given = arguments.value(1).presentation();
    if arguments.is_given(1) && given.is_empty() {
        return Err(messages::wrong_value(2));
    }
    let address = if given.starts_with(STORAGE) {
        given
    } else {
        format!("{STORAGE}{}", uuid::random().presentation()).into()
    };
    machine.check_size(machine.storage.len())?;
    machine.storage.insert(address.clone(), arguments.value(0));
    Ok(Value::Text(address))
}

/// `СистемнаяИнформация`: what is known without asking the system.
pub(crate) struct SystemInfo;

impl Object for SystemInfo {
    fn type_name(&self) -> crate::types::TypeName {
        crate::types::TypeName::made("СистемнаяИнформация", "SystemInfo")
    }

    fn get(&self, _machine: &mut Machine, name: &Name) -> Outcome {
        Ok(match name.folded.as_ref() {
            // A version of the platform whose language this host follows.
            "версияприложения" | "appversion" => "8.3.24.1".into(),
            "версияос" | "osversion" => std::env::consts::OS.into(),
            "типплатформы" | "platformtype" => {
                crate::objects::enumeration::enumeration_value("ТипПлатформы", "Linux_x86_64")
            }
            _ => return Err(messages::no_field(&name.shown)),
        })
    }
}
