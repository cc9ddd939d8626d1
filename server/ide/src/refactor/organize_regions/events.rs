//! Handlers that the platform finds by their names, and those that a form conventionally names after its items.

use base::same_name;
use lints::StandardRegion;

/// Events of objects, managers, sessions and commands.
const MODULE_EVENTS: [[&str; 2]; 31] = [
    ["ПередЗаписью", "BeforeWrite"],
    ["ПриЗаписи", "OnWrite"],
    ["ПередУдалением", "BeforeDelete"],
    ["ПриКопировании", "OnCopy"],
    ["ОбработкаЗаполнения", "Filling"],
    ["ОбработкаПроверкиЗаполнения", "FillCheckProcessing"],
    ["ОбработкаПроведения", "Posting"],
    ["ОбработкаУдаленияПроведения", "UndoPosting"],
    ["ПриУстановкеНовогоНомера", "OnSetNewNumber"],
    ["ПриУстановкеНовогоКода", "OnSetNewCode"],
    ["ПриКомпоновкеРезультата", "OnComposeResult"],
    ["ПриОтправкеДанныхГлавному", "OnSendDataToMaster"],
    ["ПриОтправкеДанныхПодчиненному", "OnSendDataToSlave"],
    ["ПриПолученииДанныхОтГлавного", "OnReceiveDataFromMaster"],
    ["ПриПолученииДанныхОтПодчиненного", "OnReceiveDataFromSlave"],
    ["ПередВыполнением", "BeforeExecute"],
    ["ПриВыполнении", "OnExecute"],
    ["ОбработкаПроверкиВыполнения", "CheckExecutionProcessing"],
    ["ОбработкаПолученияДанныхВыбора", "ChoiceDataGetProcessing"],
    ["ОбработкаПолученияФормы", "FormGetProcessing"],
    ["ОбработкаПолученияПолейПредставления", "PresentationFieldsGetProcessing"],
    ["ОбработкаПолученияПредставления", "PresentationGetProcessing"],
    ["ОбработкаРасчета", "CalculationProcessing"],
    ["УстановкаПараметровСеанса", "SessionParametersSetting"],
    ["ПередНачаломРаботыСистемы", "BeforeStart"],
    ["ПриНачалеРаботыСистемы", "OnStart"],
    ["ПередЗавершениемРаботыСистемы", "BeforeExit"],
    ["ПриЗавершенииРаботыСистемы", "OnExit"],
    ["ОбработкаВнешнегоСобытия", "ExternEventProcessing"],
    ["ОбработкаОтображенияОшибки", "ErrorDisplayProcessing"],
    ["ОбработкаКоманды", "CommandProcessing"],
];
const FORM_EVENTS: [[&str; 2]; 26] = [
    ["ПриСозданииНаСервере", "OnCreateAtServer"],
    ["ПриЧтенииНаСервере", "OnReadAtServer"],
    ["ПередЗаписьюНаСервере", "BeforeWriteAtServer"],
    ["ПриЗаписиНаСервере", "OnWriteAtServer"],
    ["ПослеЗаписиНаСервере", "AfterWriteAtServer"],
    ["ОбработкаПроверкиЗаполненияНаСервере", "FillCheckProcessingAtServer"],
    ["ПередЗагрузкойДанныхИзНастроекНаСервере", "BeforeLoadDataFromSettingsAtServer"],
    ["ПриЗагрузкеДанныхИзНастроекНаСервере", "OnLoadDataFromSettingsAtServer"],
    ["ПриСохраненииДанныхВНастройкахНаСервере", "OnSaveDataInSettingsAtServer"],
    ["ПередЗагрузкойВариантаНаСервере", "BeforeLoadVariantAtServer"],
    ["ПриЗагрузкеВариантаНаСервере", "OnLoadVariantAtServer"],
    ["ПриСохраненииВариантаНаСервере", "OnSaveVariantAtServer"],
    ["ПередЗагрузкойПользовательскихНастроекНаСервере", "BeforeLoadUserSettingsAtServer"],
    ["ПриЗагрузкеПользовательскихНастроекНаСервере", "OnLoadUserSettingsAtServer"],
    ["ПриСохраненииПользовательскихНастроекНаСервере", "OnSaveUserSettingsAtServer"],
    ["ПриОбновленииСоставаПользовательскихНастроекНаСервере", "OnUpdateUserSettingSetAtServer"],
    ["ПриОткрытии", "OnOpen"],
    ["ПриПовторномОткрытии", "OnReopen"],
    ["ПередЗакрытием", "BeforeClose"],
    ["ПриЗакрытии", "OnClose"],
    ["ПередЗаписью", "BeforeWrite"],
    ["ПослеЗаписи", "AfterWrite"],
    ["ОбработкаВыбора", "ChoiceProcessing"],
    ["ОбработкаОповещения", "NotificationProcessing"],
    ["ОбработкаНавигационнойСсылки", "URLProcessing"],
    ["ВнешнееСобытие", "ExternalEvent"],
];
/// Events of tables, as ends of names; the rest is the name of the table.
const TABLE_EVENTS: [[&str; 2]; 12] = [
    ["ПриАктивизацииСтроки", "OnActivateRow"],
    ["ПередНачаломДобавления", "BeforeAddRow"],
    ["ПередНачаломИзменения", "BeforeRowChange"],
    ["ПередУдалением", "BeforeDeleteRow"],
    ["ПослеУдаления", "AfterDeleteRow"],
    ["ПриНачалеРедактирования", "OnStartEdit"],
    ["ПередОкончаниемРедактирования", "BeforeEditEnd"],
    ["ПриОкончанииРедактирования", "OnEditEnd"],
    ["ОбработкаЗаписиНового", "NewWriteProcessing"],
    ["ПередРазворачиванием", "BeforeExpand"],
    ["ПроверкаПеретаскивания", "DragCheck"],
    ["Выбор", "Selection"],
];
const ITEM_EVENTS: [[&str; 2]; 13] = [
    ["ПриИзменении", "OnChange"],
    ["НачалоВыбора", "StartChoice"],
    ["НачалоВыбораИзСписка", "StartListChoice"],
    ["Очистка", "Clearing"],
    ["Открытие", "Opening"],
    ["Регулирование", "Tuning"],
    ["Автоподбор", "AutoComplete"],
    ["ОкончаниеВводаТекста", "TextEditEnd"],
    ["ИзменениеТекстаРедактирования", "EditTextChange"],
    ["ОбработкаВыбора", "ChoiceProcessing"],
    ["Нажатие", "Click"],
    ["ПриСменеСтраницы", "OnCurrentPageChange"],
    ["ОбработкаНавигационнойСсылки", "URLProcessing"],
];

/// The platform calls methods of objects, managers, commands, sessions and applications by these names.
pub(crate) fn is_module_event(name: &str) -> bool {
    MODULE_EVENTS.iter().flatten().any(|event| same_name(event, name))
}

/// The region of a handler, and the name of the table if it belongs to one.
pub(crate) fn handler_region<'a>(
    allowed: &[StandardRegion],
    name: &'a str,
    first_parameter: &str,
) -> Option<(StandardRegion, &'a str)> {
    let is = |events: &[[&str; 2]], name: &str| events.iter().flatten().any(|event| same_name(event, name));
    if allowed.contains(&StandardRegion::EventHandlers) {
        return is(&MODULE_EVENTS, name).then_some((StandardRegion::EventHandlers, ""));
    }
    if !allowed.contains(&StandardRegion::FormEventHandlers) {
        return None;
    }
    if is(&FORM_EVENTS, name) {
        return Some((StandardRegion::FormEventHandlers, ""));
    }
    if ["Команда", "Command"].iter().any(|word| same_name(word, first_parameter)) {
        return Some((StandardRegion::FormCommandsEventHandlers, ""));
    }
    if !["Элемент", "Item"].iter().any(|word| same_name(word, first_parameter)) {
        return None;
    }
    let item = |events: &[[&'static str; 2]]| {
        let ends = events.iter().flatten().filter_map(|event| name.strip_suffix(event));
        ends.filter(|item| !item.is_empty()).min_by_key(|item| item.len())
    };
    if item(&ITEM_EVENTS).is_some() {
        return Some((StandardRegion::FormHeaderItemsEventHandlers, ""));
    }
    item(&TABLE_EVENTS).map(|table| (StandardRegion::FormTableItemsEventHandlers, table))
}
