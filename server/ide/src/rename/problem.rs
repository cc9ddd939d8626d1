//! Why something cannot be renamed, in the words of the user.

use base::Locale;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RenameProblem {
    /// Nothing of the module stands there.
    NothingToRename,
    NotAName(String),
    Keyword(String),
    /// The method uses another variable of that name.
    LocalExists(String),
    LabelExists(String),
    VariableExists(String),
    MethodExists(String),
    /// A module that calls the method without its module's name has one of that name.
    MethodExistsIn {
        name: String,
        module: String,
    },
    /// The platform gives the name.
    PlatformName(String),
    /// An object, an attribute, a form and so on.
    MetadataName(String),
    /// The platform looks for the method by this name.
    FixedHandler(String),
    /// Modules and classes of OneScript are named by files.
    FileName(String),
    /// A key of a structure, a column: nobody declares it.
    Undeclared(String),
    /// Not every use could be looked at.
    TooManyUses(String),
    /// Files are still being read.
    StillLoading,
}

impl RenameProblem {
    pub fn message(&self, locale: Locale) -> String {
        let (russian, english) = self.texts();
        match locale {
            Locale::Ru => russian,
            Locale::En => english,
        }
    }

    fn texts(&self) -> (String, String) {
        match self {
            Self::NothingToRename => {
                ("здесь нечего переименовать".to_owned(), "nothing here can be renamed".to_owned())
            }
            Self::NotAName(name) => (
                format!("«{name}» не может быть именем: нужны буквы, цифры и «_», первой — не цифра"),
                format!(
                    "\"{name}\" is no name: letters, digits and \"_\" are allowed, a digit cannot be first"
                ),
            ),
            Self::Keyword(name) => (
                format!("«{name}» — ключевое слово языка"),
                format!("\"{name}\" is a keyword of the language"),
            ),
            Self::LocalExists(_)
            | Self::LabelExists(_)
            | Self::VariableExists(_)
            | Self::MethodExists(_)
            | Self::MethodExistsIn { .. } => self.taken(),
            Self::TooManyUses(name) => (
                format!("«{name}» встречается слишком часто: не все места удалось проверить"),
                format!("\"{name}\" is used too often: not every place could be checked"),
            ),
            Self::StillLoading => (
                "проект ещё читается; повторите, когда чтение закончится".to_owned(),
                "the project is still being read; try again when that is done".to_owned(),
            ),
            _ => self.belongs_to_others(),
        }
    }

    /// Names that are taken.
    fn taken(&self) -> (String, String) {
        match self {
            Self::LocalExists(name) => (
                format!("в методе уже есть переменная «{name}»"),
                format!("the method already has a variable \"{name}\""),
            ),
            Self::LabelExists(name) => (
                format!("в методе уже есть метка «{name}»"),
                format!("the method already has a label \"{name}\""),
            ),
            Self::VariableExists(name) => (
                format!("в модуле уже есть переменная «{name}»"),
                format!("the module already has a variable \"{name}\""),
            ),
            Self::MethodExistsIn { name, module } => (
                format!("метод «{name}» уже есть в модуле {module}, который вызывает переименуемый метод"),
                format!("{module}, which calls the method, already has a method \"{name}\""),
            ),
            Self::MethodExists(name) => (
                format!("в модуле уже есть метод «{name}»"),
                format!("the module already has a method \"{name}\""),
            ),
            _ => Default::default(),
        }
    }

    /// Names that are not the code's to change.
    fn belongs_to_others(&self) -> (String, String) {
        match self {
            Self::PlatformName(name) => (
                format!("«{name}» — имя из платформы, его нельзя изменить"),
                format!("\"{name}\" is a name of the platform and cannot be changed"),
            ),
            Self::MetadataName(name) => (
                format!("«{name}» — имя из метаданных; его меняют в конфигураторе или EDT"),
                format!("\"{name}\" is a name of the metadata; change it in the Designer or EDT"),
            ),
            Self::FixedHandler(name) => (
                format!("«{name}» — обработчик события: платформа ищет его по этому имени"),
                format!("\"{name}\" handles an event: the platform looks for it by this name"),
            ),
            Self::FileName(name) => (
                format!("«{name}» получает имя от файла: переименуйте файл"),
                format!("\"{name}\" is named by its file: rename the file"),
            ),
            Self::Undeclared(name) => (
                format!("«{name}» нигде не объявлено: это ключ структуры или колонка"),
                format!("\"{name}\" is declared nowhere: it is a key of a structure or a column"),
            ),
            _ => Default::default(),
        }
    }
}
