//! Kinds of metadata objects with their names in both languages and their folders.

use serde::{Deserialize, Serialize};

macro_rules! kinds {
    ($($kind:ident $folder:literal $ru:literal $collection:literal),* $(,)?) => {
        /// Kinds of objects; the variant is the English singular of the element and of the query language.
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[repr(u8)]
        pub enum ObjectKind { #[default] $($kind,)* }

        impl ObjectKind {
            pub const ALL: &[Self] = &[$(Self::$kind,)*];

            /// English singular: the XML element, `Catalog`.
            pub fn name(self) -> &'static str {
                match self { $(Self::$kind => stringify!($kind),)* }
            }

            /// Russian singular: `Справочник`.
            pub fn name_ru(self) -> &'static str {
                match self { $(Self::$kind => $ru,)* }
            }

            /// Folder in both layouts, which is the English name of the manager collection: `Catalogs`.
            pub fn folder(self) -> &'static str {
                match self { $(Self::$kind => $folder,)* }
            }

            /// Russian name of the manager collection: `Справочники`; empty if code has none.
            pub fn collection_ru(self) -> &'static str {
                match self { $(Self::$kind => $collection,)* }
            }
        }
    };
}

kinds! {
    Catalog "Catalogs" "Справочник" "Справочники",
    Document "Documents" "Документ" "Документы",
    DocumentJournal "DocumentJournals" "ЖурналДокументов" "ЖурналыДокументов",
    DocumentNumerator "DocumentNumerators" "НумераторДокументов" "",
    Sequence "Sequences" "Последовательность" "Последовательности",
    Enum "Enums" "Перечисление" "Перечисления",
    Report "Reports" "Отчет" "Отчеты",
    DataProcessor "DataProcessors" "Обработка" "Обработки",
    ChartOfCharacteristicTypes "ChartsOfCharacteristicTypes" "ПланВидовХарактеристик" "ПланыВидовХарактеристик",
    ChartOfAccounts "ChartsOfAccounts" "ПланСчетов" "ПланыСчетов",
    ChartOfCalculationTypes "ChartsOfCalculationTypes" "ПланВидовРасчета" "ПланыВидовРасчета",
    InformationRegister "InformationRegisters" "РегистрСведений" "РегистрыСведений",
    AccumulationRegister "AccumulationRegisters" "РегистрНакопления" "РегистрыНакопления",
    AccountingRegister "AccountingRegisters" "РегистрБухгалтерии" "РегистрыБухгалтерии",
    CalculationRegister "CalculationRegisters" "РегистрРасчета" "РегистрыРасчета",
    BusinessProcess "BusinessProcesses" "БизнесПроцесс" "БизнесПроцессы",
    Task "Tasks" "Задача" "Задачи",
    ExchangePlan "ExchangePlans" "ПланОбмена" "ПланыОбмена",
    FilterCriterion "FilterCriteria" "КритерийОтбора" "КритерииОтбора",
    SettingsStorage "SettingsStorages" "ХранилищеНастроек" "ХранилищаНастроек",
    Constant "Constants" "Константа" "Константы",
    ExternalDataSource "ExternalDataSources" "ВнешнийИсточникДанных" "ВнешниеИсточникиДанных",
    CommonModule "CommonModules" "ОбщийМодуль" "",
    CommonForm "CommonForms" "ОбщаяФорма" "",
    CommonCommand "CommonCommands" "ОбщаяКоманда" "",
    HTTPService "HTTPServices" "HTTPСервис" "",
    WebService "WebServices" "WebСервис" "",
    IntegrationService "IntegrationServices" "СервисИнтеграции" "",
    Bot "Bots" "Бот" "",
    WebSocketClient "WebSocketClients" "WebSocketКлиент" "",
    WSReference "WSReferences" "WSСсылка" "WSСсылки",
    CommonAttribute "CommonAttributes" "ОбщийРеквизит" "",
    CommandGroup "CommandGroups" "ГруппаКоманд" "",
    CommonPicture "CommonPictures" "ОбщаяКартинка" "",
    CommonTemplate "CommonTemplates" "ОбщийМакет" "",
    DefinedType "DefinedTypes" "ОпределяемыйТип" "",
    EventSubscription "EventSubscriptions" "ПодпискаНаСобытие" "",
    FunctionalOption "FunctionalOptions" "ФункциональнаяОпция" "",
    FunctionalOptionsParameter "FunctionalOptionsParameters" "ПараметрФункциональныхОпций" "",
    Interface "Interfaces" "Интерфейс" "",
    Language "Languages" "Язык" "",
    PaletteColor "PaletteColors" "ЦветПалитры" "",
    Role "Roles" "Роль" "",
    ScheduledJob "ScheduledJobs" "РегламентноеЗадание" "",
    SessionParameter "SessionParameters" "ПараметрСеанса" "ПараметрыСеанса",
    Style "Styles" "Стиль" "",
    StyleItem "StyleItems" "ЭлементСтиля" "",
    Subsystem "Subsystems" "Подсистема" "",
    XDTOPackage "XDTOPackages" "ПакетXDTO" "ПакетыXDTO",
    ExternalDataProcessor "ExternalDataProcessors" "ВнешняяОбработка" "",
    ExternalReport "ExternalReports" "ВнешнийОтчет" "",
}

impl ObjectKind {
    /// Singular in either language, without case.
    pub fn from_name(name: &str) -> Option<Self> {
        let is = |kind: &Self| base::same_name(kind.name(), name) || base::same_name(kind.name_ru(), name);
        Self::ALL.iter().copied().find(is)
    }

    pub fn from_folder(folder: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.folder() == folder)
    }

    /// Manager collection in either language, without case: `Справочники`, `Catalogs`.
    pub fn from_collection(name: &str) -> Option<Self> {
        let is = |kind: &Self| {
            let collection = kind.collection_ru();
            !collection.is_empty()
                && (base::same_name(collection, name) || base::same_name(kind.folder(), name))
        };
        Self::ALL.iter().copied().find(is)
    }
}
