//! How often names are used: in the module around the cursor, and in public code.

use std::sync::LazyLock;

use base::fold_case;
use rustc_hash::FxHashMap;
use semantics::{ModuleFacts, Receiver, Reference};

/// Sections around the cursor that are counted: enough to know the habits of a module of any length.
const WINDOW: usize = 120;

/// Global functions by their uses in a million lines of public code, in hundreds.
const FUNCTIONS: [(&str, u16); 50] = [
    ("нстр", 330),
    ("тип", 223),
    ("значениезаполнено", 207),
    ("типзнч", 168),
    ("стрзаменить", 126),
    ("строка", 77),
    ("стрнайти", 74),
    ("пустаястрока", 69),
    ("заполнитьзначениясвойств", 49),
    ("нрег", 45),
    ("врег", 44),
    ("стршаблон", 44),
    ("информацияобошибке", 42),
    ("сред", 41),
    ("сокрлп", 41),
    ("установитьпривилегированныйрежим", 41),
    ("формат", 38),
    ("стрдлина", 38),
    ("лев", 34),
    ("сообщить", 29),
    ("стрразделить", 29),
    ("стрсоединить", 27),
    ("найти", 26),
    ("открытьформу", 23),
    ("записьжурналарегистрации", 20),
    ("отменитьтранзакцию", 19),
    ("зафиксироватьтранзакцию", 19),
    ("начатьтранзакцию", 18),
    ("описаниеошибки", 16),
    ("предопределенноезначение", 15),
    ("стрначинаетсяс", 15),
    ("подключитьобработчикожидания", 15),
    ("поместитьвовременноехранилище", 15),
    ("показатьпредупреждение", 14),
    ("текущаядатасеанса", 14),
    ("получитьизвременногохранилища", 13),
    ("число", 13),
    ("удалитьфайлы", 12),
    ("получитьимявременногофайла", 12),
    ("текущаяуниверсальнаядатавмиллисекундах", 11),
    ("цел", 11),
    ("праводоступа", 10),
    ("дата", 8),
    ("прав", 8),
    ("выполнитьобработкуоповещения", 8),
    ("вычислить", 7),
    ("показатьвопрос", 7),
    ("подробноепредставлениеошибки", 7),
    ("xmlстрока", 7),
    ("оповестить", 6),
];

/// Types behind `Новый` and members behind a dot, by the same measure.
const OTHERS: [(&str, u16); 24] = [
    ("структура", 98),
    ("массив", 47),
    ("описаниеоповещения", 25),
    ("описаниетипов", 24),
    ("соответствие", 23),
    ("запрос", 17),
    ("таблицазначений", 10),
    ("списокзначений", 9),
    ("файл", 6),
    ("чтениеxml", 5),
    ("записьxml", 5),
    ("уникальныйидентификатор", 5),
    ("вставить", 344),
    ("добавить", 209),
    ("количество", 67),
    ("подставитьпараметрывстроку", 45),
    ("общиймодуль", 40),
    ("установитьпараметр", 38),
    ("выполнить", 30),
    ("выгрузить", 20),
    ("выбрать", 20),
    ("следующий", 20),
    ("текст", 20),
    ("ссылка", 20),
];

static CORPUS: LazyLock<FxHashMap<&str, u16>> =
    LazyLock::new(|| OTHERS.into_iter().chain(FUNCTIONS).collect());

/// Uses of a name in public code, roughly; names of the platform are counted by their Russian ones.
pub(crate) fn corpus_uses(name: &str) -> u16 {
    CORPUS.get(&*fold_case(name)).copied().unwrap_or(0)
}

/// Sections near the cursor that mention each name.
pub(crate) struct Usage<'a> {
    counts: FxHashMap<&'a str, u16>,
}

impl<'a> Usage<'a> {
    pub(crate) fn around(facts: &'a ModuleFacts, offset: u32) -> Self {
        let mut counts = FxHashMap::default();
        for section in window(facts, offset) {
            for name in section.facts.names().iter().filter(|name| !name.contains('.')) {
                let count: &mut u16 = counts.entry(name).or_default();
                *count = count.saturating_add(1);
            }
        }
        Self { counts }
    }

    /// Names that start with what is typed, in lower case both.
    pub(crate) fn starting_with(&self, folded: &str) -> Vec<&'a str> {
        let mut names: Vec<_> = self.counts.keys().copied().filter(|name| name.starts_with(folded)).collect();
        names.sort_unstable();
        names
    }

    pub(crate) fn of(&self, name: &str) -> u16 {
        if name.is_empty() {
            return 0;
        }
        self.counts.get(&*fold_case(name)).copied().unwrap_or(0)
    }
}

fn window(facts: &ModuleFacts, offset: u32) -> &[semantics::PlacedSection] {
    let sections = facts.sections();
    let at = sections.partition_point(|section| section.shift.offset <= offset);
    let start = at.saturating_sub(WINDOW / 2);
    let end = (start + WINDOW).min(sections.len());
    sections.get(start..end).unwrap_or_default()
}

/// Names that stand behind a dot after the same receiver elsewhere in the module, and whether they are called.
pub(crate) fn members_used(facts: &ModuleFacts, offset: u32, receiver: &str) -> Vec<(String, bool)> {
    let folded = fold_case(receiver.trim());
    let is_it =
        |reference: &Reference<'_>| matches!(reference.receiver, Receiver::Path(path) if path == folded);
    let mut found: FxHashMap<String, bool> = FxHashMap::default();
    for section in
        window(facts, offset).iter().filter(|section| section.facts.names().find(&folded).is_some())
    {
        for reference in section.all_references().filter(is_it) {
            let is_called = found.entry(reference.name.to_owned()).or_default();
            *is_called |= reference.kind.is_call();
        }
    }
    let mut found: Vec<_> = found.into_iter().collect();
    found.sort();
    found
}
