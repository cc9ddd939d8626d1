//! Names of form events in both languages. Metadata stores the English ones; the Russian ones end the usual names
//! of handlers (`ТоварыПриИзменении`) and are what programmers search for.

/// Sorted by the English name.
const NAMES: &[(&str, &str)] = &[
    ("AdditionalDetailProcessing", "ОбработкаДополнительнойРасшифровки"),
    ("AfterDeleteRow", "ПослеУдаления"),
    ("AfterWrite", "ПослеЗаписи"),
    ("AfterWriteAtServer", "ПослеЗаписиНаСервере"),
    ("AutoComplete", "АвтоПодбор"),
    ("BeforeAddRow", "ПередНачаломДобавления"),
    ("BeforeClose", "ПередЗакрытием"),
    ("BeforeCollapse", "ПередСворачиванием"),
    ("BeforeDeleteRow", "ПередУдалением"),
    ("BeforeEditEnd", "ПередОкончаниемРедактирования"),
    ("BeforeExpand", "ПередРазворачиванием"),
    ("BeforeLoadDataFromSettingsAtServer", "ПередЗагрузкойДанныхИзНастроекНаСервере"),
    ("BeforeLoadUserSettingsAtServer", "ПередЗагрузкойПользовательскихНастроекНаСервере"),
    ("BeforeLoadVariantAtServer", "ПередЗагрузкойВариантаНаСервере"),
    ("BeforeRowChange", "ПередНачаломИзменения"),
    ("BeforeWrite", "ПередЗаписью"),
    ("BeforeWriteAtServer", "ПередЗаписьюНаСервере"),
    ("ChoiceProcessing", "ОбработкаВыбора"),
    ("Clearing", "Очистка"),
    ("Click", "Нажатие"),
    ("Creating", "Создание"),
    ("DetailProcessing", "ОбработкаРасшифровки"),
    ("DocumentComplete", "ДокументСформирован"),
    ("Drag", "Перетаскивание"),
    ("DragCheck", "ПроверкаПеретаскивания"),
    ("DragEnd", "ОкончаниеПеретаскивания"),
    ("DragStart", "НачалоПеретаскивания"),
    ("EditTextChange", "ИзменениеТекстаРедактирования"),
    ("ExternalEvent", "ВнешнееСобытие"),
    ("FillCheckProcessingAtServer", "ОбработкаПроверкиЗаполненияНаСервере"),
    ("NavigationProcessing", "ОбработкаПерехода"),
    ("NewWriteProcessing", "ОбработкаЗаписиНового"),
    ("NotificationProcessing", "ОбработкаОповещения"),
    ("OnActivate", "ПриАктивизации"),
    ("OnActivateCell", "ПриАктивизацииЯчейки"),
    ("OnActivateField", "ПриАктивизацииПоля"),
    ("OnActivateRow", "ПриАктивизацииСтроки"),
    ("OnChange", "ПриИзменении"),
    ("OnClick", "ПриНажатии"),
    ("OnClose", "ПриЗакрытии"),
    ("OnCreateAtServer", "ПриСозданииНаСервере"),
    ("OnCurrentPageChange", "ПриСменеСтраницы"),
    ("OnEditEnd", "ПриОкончанииРедактирования"),
    ("OnGetDataAtServer", "ПриПолученииДанныхНаСервере"),
    ("OnLoadDataFromSettingsAtServer", "ПриЗагрузкеДанныхИзНастроекНаСервере"),
    ("OnLoadUserSettingsAtServer", "ПриЗагрузкеПользовательскихНастроекНаСервере"),
    ("OnLoadVariantAtServer", "ПриЗагрузкеВариантаНаСервере"),
    ("OnMainServerAvailabilityChange", "ПриИзмененииДоступностиОсновногоСервера"),
    ("OnOpen", "ПриОткрытии"),
    ("OnPeriodOutput", "ПриВыводеПериода"),
    ("OnReadAtServer", "ПриЧтенииНаСервере"),
    ("OnReopen", "ПриПовторномОткрытии"),
    ("OnSaveDataInSettingsAtServer", "ПриСохраненииДанныхВНастройкахНаСервере"),
    ("OnSaveUserSettingsAtServer", "ПриСохраненииПользовательскихНастроекНаСервере"),
    ("OnSaveVariantAtServer", "ПриСохраненииВариантаНаСервере"),
    ("OnStartEdit", "ПриНачалеРедактирования"),
    ("OnUpdateUserSettingSetAtServer", "ПриОбновленииСоставаПользовательскихНастроекНаСервере"),
    ("OnWriteAtServer", "ПриЗаписиНаСервере"),
    ("Opening", "Открытие"),
    ("Selection", "Выбор"),
    ("StartChoice", "НачалоВыбора"),
    ("TextEditEnd", "ОкончаниеВводаТекста"),
    ("Tuning", "Регулирование"),
    ("URLGetProcessing", "ОбработкаПолученияНавигационнойСсылки"),
    ("URLProcessing", "ОбработкаНавигационнойСсылки"),
    ("ValueChoice", "ВыборЗначения"),
];

/// Russian name of an event of a form or an element, if it is known: `OnChange` → `ПриИзменении`.
pub fn form_event_name_ru(english: &str) -> Option<&'static str> {
    NAMES.iter().find(|(name, _)| base::same_name(name, english)).map(|&(_, russian)| russian)
}

/// English name of an event, if it is known: `ПриИзменении` → `OnChange`.
pub fn form_event_name_en(russian: &str) -> Option<&'static str> {
    NAMES.iter().find(|(_, name)| base::same_name(name, russian)).map(|&(english, _)| english)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_have_names_in_both_languages() {
        assert_eq!(form_event_name_ru("OnChange"), Some("ПриИзменении"));
        assert_eq!(form_event_name_ru("onchange"), Some("ПриИзменении"));
        assert_eq!(form_event_name_en("приоткрытии"), Some("OnOpen"));
        assert_eq!(form_event_name_ru("SomethingNew"), None);
    }

    #[test]
    fn the_table_is_sorted_and_unambiguous() {
        assert!(NAMES.is_sorted_by(|left, right| left.0 < right.0));
        for (english, russian) in NAMES {
            assert_eq!(form_event_name_en(russian), Some(*english));
        }
    }
}
