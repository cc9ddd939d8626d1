//! Tables of the query language: which fields they have besides those that metadata lists.

use metadata::{Details, MetadataObject, ObjectAspect, ObjectKind};
use platform::Names;
use smol_str::format_smolstr;

use crate::definition::{AttributeList, AttributeRef, Definition, MemberKind, pair};
use crate::ids::ObjectId;
use crate::members::Sink;
use crate::resolver::Resolver;

/// A table that a query may read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TableSource {
    /// `Справочник.Товары`, `РегистрСведений.Цены`.
    Object(ObjectId),
    /// `Документ.Заказ.Товары`.
    Section { object: ObjectId, section: u16 },
    /// `РегистрСведений.Цены.СрезПоследних`.
    Virtual { object: ObjectId, table: VirtualTable },
    /// `Константы`.
    Constants,
}

macro_rules! virtual_tables {
    ($($table:ident $ru:literal),* $(,)?) => {
        /// Tables that the platform computes; the variant is the English name.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum VirtualTable { $($table,)* }

        impl VirtualTable {
            pub const ALL: &[Self] = &[$(Self::$table,)*];

            pub fn names(self) -> Names {
                match self { $(Self::$table => pair($ru, stringify!($table)),)* }
            }
        }
    };
}

virtual_tables! {
    SliceFirst "СрезПервых",
    SliceLast "СрезПоследних",
    Balance "Остатки",
    Turnovers "Обороты",
    BalanceAndTurnovers "ОстаткиИОбороты",
    DrCrTurnovers "ОборотыДтКт",
    RecordsWithExtDimensions "ДвиженияССубконто",
    ExtDimensions "Субконто",
    Boundaries "Границы",
    Points "Точки",
    ActualActionPeriod "ФактическийПериодДействия",
    ScheduleData "ДанныеГрафика",
    TasksByExecutive "ЗадачиПоИсполнителю",
    Changes "Изменения",
}

const PERIODS: &[(&str, &str)] = &[
    ("Период", "Period"),
    ("ПериодСекунда", "SecondPeriod"),
    ("ПериодМинута", "MinutePeriod"),
    ("ПериодЧас", "HourPeriod"),
    ("ПериодДень", "DayPeriod"),
    ("ПериодНеделя", "WeekPeriod"),
    ("ПериодДекада", "TenDaysPeriod"),
    ("ПериодМесяц", "MonthPeriod"),
    ("ПериодКвартал", "QuarterPeriod"),
    ("ПериодПолугодие", "HalfYearPeriod"),
    ("ПериодГод", "YearPeriod"),
];
/// Endings of the resources of registers of accumulation.
const BALANCE: &[(&str, &str)] = &[("Остаток", "Balance")];
const TURNOVERS: &[(&str, &str)] = &[("Оборот", "Turnover"), ("Приход", "Receipt"), ("Расход", "Expense")];
const BOTH: &[(&str, &str)] = &[
    ("НачальныйОстаток", "OpeningBalance"),
    ("КонечныйОстаток", "ClosingBalance"),
    ("Оборот", "Turnover"),
    ("Приход", "Receipt"),
    ("Расход", "Expense"),
];
/// Of registers of accounting.
const ACCOUNTING: &[(&str, &str)] = &[
    ("Остаток", "Balance"),
    ("ОстатокДт", "BalanceDr"),
    ("ОстатокКт", "BalanceCr"),
    ("РазвернутыйОстатокДт", "SplittedBalanceDr"),
    ("РазвернутыйОстатокКт", "SplittedBalanceCr"),
    ("Оборот", "Turnover"),
    ("ОборотДт", "TurnoverDr"),
    ("ОборотКт", "TurnoverCr"),
    ("КорОборот", "BalancedTurnover"),
    ("КорОборотДт", "BalancedTurnoverDr"),
    ("КорОборотКт", "BalancedTurnoverCr"),
    ("НачальныйОстаток", "OpeningBalance"),
    ("НачальныйОстатокДт", "OpeningBalanceDr"),
    ("НачальныйОстатокКт", "OpeningBalanceCr"),
    ("НачальныйРазвернутыйОстатокДт", "OpeningSplittedBalanceDr"),
    ("НачальныйРазвернутыйОстатокКт", "OpeningSplittedBalanceCr"),
    ("КонечныйОстаток", "ClosingBalance"),
    ("КонечныйОстатокДт", "ClosingBalanceDr"),
    ("КонечныйОстатокКт", "ClosingBalanceCr"),
    ("КонечныйРазвернутыйОстатокДт", "ClosingSplittedBalanceDr"),
    ("КонечныйРазвернутыйОстатокКт", "ClosingSplittedBalanceCr"),
];
const PERIOD: (&str, &str) = ("Период", "Period");
const CONDITION: (&str, &str) = ("Условие", "Condition");
const INTERVAL: [(&str, &str); 3] =
    [("НачалоПериода", "BegOfPeriod"), ("КонецПериода", "EndOfPeriod"), ("Периодичность", "Periodicity")];
const ADDITION: (&str, &str) = ("МетодДополнения", "AdditionMethod");
const ACCOUNT: (&str, &str) = ("УсловиеСчета", "AccountCondition");
const EXT_DIMENSIONS: (&str, &str) = ("Субконто", "ExtDimensions");

impl VirtualTable {
    /// A table by its name in either language, without case.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|table| table.names().is(name))
    }

    /// Virtual tables of the objects of a kind.
    pub fn of_kind(kind: ObjectKind) -> Vec<Self> {
        let own: &[Self] = match kind {
            ObjectKind::InformationRegister => &[Self::SliceFirst, Self::SliceLast],
            ObjectKind::AccumulationRegister => &[Self::Balance, Self::Turnovers, Self::BalanceAndTurnovers],
            ObjectKind::AccountingRegister => &[
                Self::Balance,
                Self::Turnovers,
                Self::BalanceAndTurnovers,
                Self::DrCrTurnovers,
                Self::RecordsWithExtDimensions,
                Self::ExtDimensions,
            ],
            ObjectKind::CalculationRegister => &[Self::ActualActionPeriod, Self::ScheduleData],
            ObjectKind::Sequence => &[Self::Boundaries],
            ObjectKind::BusinessProcess => &[Self::Points],
            ObjectKind::Task => &[Self::TasksByExecutive],
            _ => &[],
        };
        let mut tables = own.to_vec();
        if !matches!(kind, ObjectKind::Enum | ObjectKind::DocumentJournal | ObjectKind::FilterCriterion) {
            tables.push(Self::Changes);
        }
        tables
    }

    /// What is written between the parentheses, in order.
    pub fn parameters(self, kind: ObjectKind) -> Vec<Names> {
        let is_accounting = kind == ObjectKind::AccountingRegister;
        let [start, end, period] = INTERVAL;
        let list: Vec<(&str, &str)> = match (self, is_accounting) {
            (Self::SliceFirst | Self::SliceLast, _) | (Self::Balance, false) => vec![PERIOD, CONDITION],
            (Self::Balance, true) => vec![PERIOD, ACCOUNT, EXT_DIMENSIONS, CONDITION],
            (Self::Turnovers, false) => vec![start, end, period, CONDITION],
            (Self::Turnovers, true) => vec![
                start,
                end,
                period,
                ACCOUNT,
                EXT_DIMENSIONS,
                CONDITION,
                ("УсловиеКорСчета", "BalancedAccountCondition"),
                ("КорСубконто", "BalancedExtDimensions"),
            ],
            (Self::BalanceAndTurnovers, false) => vec![start, end, period, ADDITION, CONDITION],
            (Self::BalanceAndTurnovers, true) => {
                vec![start, end, period, ADDITION, ACCOUNT, EXT_DIMENSIONS, CONDITION]
            }
            (Self::DrCrTurnovers, _) => vec![
                start,
                end,
                period,
                ("УсловиеСчетаДт", "AccountDrCondition"),
                ("СубконтоДт", "ExtDimensionsDr"),
                ("УсловиеСчетаКт", "AccountCrCondition"),
                ("СубконтоКт", "ExtDimensionsCr"),
                CONDITION,
            ],
            (Self::RecordsWithExtDimensions, _) => {
                vec![start, end, CONDITION, ("Порядок", "Order"), ("Первые", "Top")]
            }
            (Self::ActualActionPeriod | Self::ScheduleData | Self::TasksByExecutive, _) => vec![CONDITION],
            _ => Vec::new(),
        };
        list.into_iter().map(|(ru, en)| Names { ru: ru.into(), en: en.into(), aliases: Vec::new() }).collect()
    }
}

impl<'a> Resolver<'a> {
    /// The table that a path of names means: `Справочник.Товары`, `РегистрНакопления.Запасы.Остатки`.
    pub(crate) fn table_source(self, path: &[&str]) -> Option<TableSource> {
        let (first, rest) = path.split_first()?;
        if rest.is_empty() {
            let is_constants = pair("Константы", "Constants").is(first);
            return is_constants.then_some(TableSource::Constants);
        }
        let kind = ObjectKind::from_name(first)?;
        let object = self.project.find_object(self.root(), kind, rest.first()?)?;
        match rest {
            [_] => Some(TableSource::Object(object)),
            [_, part] => {
                if let Some((object, section)) = self.find_section(object, part) {
                    return Some(TableSource::Section { object, section });
                }
                VirtualTable::from_name(part).map(|table| TableSource::Virtual { object, table })
            }
            _ => None,
        }
    }

    /// Fields of a table; true if there are certainly no others.
    pub(crate) fn table_fields(self, source: TableSource, sink: &mut Sink<'_>) -> bool {
        match source {
            TableSource::Constants => {
                self.objects_of_kind(ObjectKind::Constant, sink);
                true
            }
            TableSource::Object(object) => self.main_fields(object, sink),
            TableSource::Section { object, section } => {
                self.section_fields(object, section, sink);
                offer(sink, "Ссылка", "Ref");
                self.project.is_complete(object.root)
            }
            TableSource::Virtual { object, table } => {
                let Some(content) = self.object(object) else { return false };
                let is_simple = content.kind == ObjectKind::InformationRegister
                    || content.kind == ObjectKind::AccumulationRegister;
                self.virtual_fields(object, content, table, sink);
                is_simple && table != VirtualTable::Changes && self.project.is_complete(object.root)
            }
        }
    }

    /// True if all fields of a table are known.
    pub(crate) fn is_complete_table(self, source: TableSource) -> bool {
        self.table_fields(source, &mut Sink::one(""))
    }

    fn main_fields(self, object: ObjectId, sink: &mut Sink<'_>) -> bool {
        let Some(content) = self.object(object) else { return false };
        self.object_fields(object, ObjectAspect::Ref, sink);
        match content.kind {
            ObjectKind::Constant => offer(sink, "Значение", "Value"),
            ObjectKind::FilterCriterion => offer(sink, "Ссылка", "Ref"),
            _ => {}
        }
        for (ru, en) in [
            ("Представление", "Presentation"),
            ("ВерсияДанных", "DataVersion"),
            ("МоментВремени", "PointInTime"),
        ] {
            offer(sink, ru, en);
        }
        let is_known = matches!(
            content.kind,
            ObjectKind::Catalog
                | ObjectKind::Document
                | ObjectKind::Enum
                | ObjectKind::InformationRegister
                | ObjectKind::AccumulationRegister
                | ObjectKind::Constant
                | ObjectKind::ChartOfCharacteristicTypes
                | ObjectKind::ExchangePlan
        );
        is_known && self.project.is_complete(object.root)
    }

    fn virtual_fields(
        self,
        object: ObjectId,
        content: &MetadataObject,
        table: VirtualTable,
        sink: &mut Sink<'_>,
    ) {
        let is_accounting = content.kind == ObjectKind::AccountingRegister;
        match table {
            VirtualTable::Balance
            | VirtualTable::Turnovers
            | VirtualTable::BalanceAndTurnovers
            | VirtualTable::DrCrTurnovers => {
                let endings = match table {
                    _ if is_accounting => ACCOUNTING,
                    VirtualTable::Balance => BALANCE,
                    VirtualTable::Turnovers => TURNOVERS,
                    _ => BOTH,
                };
                self.dimensions(object, sink);
                self.ended_resources(object, turnover_endings(content, endings), sink);
                if table != VirtualTable::Balance {
                    PERIODS.iter().for_each(|(ru, en)| offer(sink, ru, en));
                    offer(sink, "Регистратор", "Recorder");
                    offer(sink, "НомерСтроки", "LineNumber");
                }
                if is_accounting {
                    accounting_fields(sink);
                }
            }
            VirtualTable::Changes => {
                self.object_fields(object, ObjectAspect::Ref, sink);
                offer(sink, "Узел", "Node");
                offer(sink, "НомерСообщения", "MessageNo");
            }
            _ => {
                self.object_fields(object, ObjectAspect::Ref, sink);
                if is_accounting {
                    accounting_fields(sink);
                }
            }
        }
    }

    fn dimensions(self, object: ObjectId, sink: &mut Sink<'_>) {
        for (part, content) in self.project.object_chain(object) {
            for (index, dimension) in content.dimensions.iter().enumerate() {
                let attribute =
                    AttributeRef { object: part, list: AttributeList::Dimensions, index: index as u32 };
                sink.offer(&dimension.name, MemberKind::Attribute, || Definition::Attribute(attribute));
            }
        }
    }

    /// `Сумма` as `СуммаОстаток`.
    fn ended_resources(self, object: ObjectId, endings: &[(&str, &str)], sink: &mut Sink<'_>) {
        for (part, content) in self.project.object_chain(object) {
            for (index, resource) in content.resources.iter().enumerate() {
                let attribute =
                    AttributeRef { object: part, list: AttributeList::Resources, index: index as u32 };
                for (ru, en) in endings {
                    let name = &resource.name;
                    let names = Names {
                        ru: format_smolstr!("{name}{ru}"),
                        en: format_smolstr!("{name}{en}"),
                        aliases: Vec::new(),
                    };
                    sink.offer_names(&names, MemberKind::Field, || Definition::ComputedResource {
                        attribute,
                        names: names.clone(),
                    });
                }
            }
        }
    }
}

/// Registers of turnovers have no receipts and expenses.
fn turnover_endings<'e>(
    content: &MetadataObject,
    endings: &'e [(&'e str, &'e str)],
) -> &'e [(&'e str, &'e str)] {
    let is_turnovers = matches!(&content.details, Details::Register(it) if it.register_type == "Turnovers");
    let is_plain = endings.first().is_some_and(|(ru, _)| *ru == "Оборот");
    if is_turnovers && is_plain { &endings[..1] } else { endings }
}

fn accounting_fields(sink: &mut Sink<'_>) {
    for (ru, en) in [
        ("Счет", "Account"),
        ("СчетДт", "AccountDr"),
        ("СчетКт", "AccountCr"),
        ("КорСчет", "BalancedAccount"),
        ("Субконто1", "ExtDimension1"),
        ("Субконто2", "ExtDimension2"),
        ("Субконто3", "ExtDimension3"),
        ("СубконтоДт1", "ExtDimensionDr1"),
        ("СубконтоДт2", "ExtDimensionDr2"),
        ("СубконтоДт3", "ExtDimensionDr3"),
        ("СубконтоКт1", "ExtDimensionCr1"),
        ("СубконтоКт2", "ExtDimensionCr2"),
        ("СубконтоКт3", "ExtDimensionCr3"),
        ("КорСубконто1", "BalancedExtDimension1"),
        ("КорСубконто2", "BalancedExtDimension2"),
        ("КорСубконто3", "BalancedExtDimension3"),
    ] {
        offer(sink, ru, en);
    }
}

fn offer(sink: &mut Sink<'_>, ru: &str, en: &str) {
    let names = Names { ru: ru.into(), en: en.into(), aliases: Vec::new() };
    sink.offer_names(&names, MemberKind::StandardAttribute, || Definition::QueryField {
        names: names.clone(),
    });
}
