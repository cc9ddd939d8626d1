//! Tokens as rules and features see them: keywords whatever their language, literals line by line,
//! comments and directives in between. Blanks have no tokens.

use base::TextRange;

macro_rules! token_kinds {
    (
        keywords { $($keyword:ident = $keyword_name:literal [$($canonical:literal),+]),* $(,)? }
        signs { $($sign:ident = $sign_name:literal),* $(,)? }
        directives { $($directive:ident = $directive_name:literal),* $(,)? }
        others { $($other:ident),* $(,)? }
    ) => {
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(u8)]
        pub enum TokenKind { $($keyword,)* $($sign,)* $($directive,)* $($other,)* }

        impl TokenKind {
            /// Kind of an anonymous node of the grammar, by its name.
            pub(crate) fn from_grammar_name(name: &str) -> Option<Self> {
                match name {
                    $($keyword_name => Some(Self::$keyword),)*
                    $($sign_name => Some(Self::$sign),)*
                    $($directive_name => Some(Self::$directive),)*
                    _ => None,
                }
            }

            /// Accepted spellings of a keyword, Russian ones first; empty for other tokens.
            pub fn canonical_spellings(self) -> &'static [&'static str] {
                match self {
                    $(Self::$keyword => &[$($canonical),+],)*
                    _ => &[],
                }
            }

            pub fn is_keyword(self) -> bool {
                (self as u8) < [$(Self::$keyword),*].len() as u8
            }

            /// Every keyword.
            pub const KEYWORDS: &[Self] = &[$(Self::$keyword),*];

            /// Kind of an operator or a punctuation mark.
            pub fn from_sign(sign: &str) -> Option<Self> {
                match sign {
                    $($sign_name => Some(Self::$sign),)*
                    _ => None,
                }
            }

            pub fn is_directive(self) -> bool {
                matches!(self, $(Self::$directive)|*)
            }

            /// The sign itself, for operators and punctuation.
            pub fn sign(self) -> Option<&'static str> {
                match self {
                    $(Self::$sign => Some($sign_name),)*
                    _ => None,
                }
            }
        }
    };
}

token_kinds! {
    keywords {
        Procedure = "procedure" ["Процедура", "Procedure"],
        EndProcedure = "endprocedure" ["КонецПроцедуры", "EndProcedure"],
        Function = "function" ["Функция", "Function"],
        EndFunction = "endfunction" ["КонецФункции", "EndFunction"],
        Var = "var" ["Перем", "Var"],
        Export = "export" ["Экспорт", "Export"],
        Val = "val" ["Знач", "Val"],
        Try = "try" ["Попытка", "Try"],
        Except = "except" ["Исключение", "Except"],
        EndTry = "endtry" ["КонецПопытки", "EndTry"],
        If = "if" ["Если", "If"],
        Then = "then" ["Тогда", "Then"],
        Elsif = "elsif" ["ИначеЕсли", "ElsIf"],
        Else = "else" ["Иначе", "Else"],
        EndIf = "endif" ["КонецЕсли", "EndIf"],
        For = "for" ["Для", "For"],
        Each = "each" ["Каждого", "каждого", "Each", "each"],
        In = "in" ["Из", "In"],
        To = "to" ["По", "To"],
        While = "while" ["Пока", "While"],
        Do = "do" ["Цикл", "Do"],
        EndDo = "enddo" ["КонецЦикла", "EndDo"],
        Return = "return" ["Возврат", "Return"],
        Break = "break" ["Прервать", "Break"],
        Continue = "continue" ["Продолжить", "Continue"],
        Goto = "goto" ["Перейти", "Goto"],
        Raise = "raise" ["ВызватьИсключение", "Raise"],
        Execute = "execute" ["Выполнить", "Execute"],
        AddHandler = "addhandler" ["ДобавитьОбработчик", "AddHandler"],
        RemoveHandler = "removehandler" ["УдалитьОбработчик", "RemoveHandler"],
        New = "new" ["Новый", "New"],
        And = "and" ["И", "And", "AND"],
        Or = "or" ["ИЛИ", "Или", "OR", "Or"],
        Not = "not" ["НЕ", "Не", "NOT", "Not"],
        True = "true" ["Истина", "True"],
        False = "false" ["Ложь", "False"],
        Undefined = "undefined" ["Неопределено", "Undefined"],
        Null = "null" ["NULL", "Null"],
        Async = "async" ["Асинх", "Async"],
        Await = "await" ["Ждать", "Await"],
    }
    signs {
        Plus = "+",
        Minus = "-",
        Star = "*",
        Slash = "/",
        Percent = "%",
        Equal = "=",
        NotEqual = "<>",
        Less = "<",
        LessOrEqual = "<=",
        Greater = ">",
        GreaterOrEqual = ">=",
        Dot = ".",
        Comma = ",",
        Semicolon = ";",
        LeftParen = "(",
        RightParen = ")",
        LeftBracket = "[",
        RightBracket = "]",
        Question = "?",
        Colon = ":",
        Tilde = "~",
        Ampersand = "&",
    }
    directives {
        DirectiveRegion = "preproc_region",
        DirectiveEndRegion = "preproc_endregion",
        DirectiveIf = "preproc_if",
        DirectiveElsif = "preproc_elsif",
        DirectiveElse = "preproc_else",
        DirectiveEndIf = "preproc_endif",
        DirectiveInsert = "preproc_insert",
        DirectiveEndInsert = "preproc_endinsert",
        // From `#Удаление` to `#КонецУдаления` with the dead text between them.
        DirectiveDelete = "preproc_delete",
        DirectiveUse = "preproc_use",
        DirectiveShebang = "preproc_shebang",
        DirectiveOther = "preproc_other",
    }
    others {
        Identifier,
        Number,
        Date,
        // A literal on one line, quotes included.
        String,
        // First line of a literal that goes on, from its quote.
        StringStart,
        // A middle line, from its `|`.
        StringPart,
        // The last line, from its `|` to the closing quote.
        StringTail,
        Comment,
        // Characters that no token starts with.
        Unknown,
    }
}

impl TokenKind {
    /// Comments, directives and unknown characters: they may stand between any two code tokens.
    pub fn is_trivia(self) -> bool {
        self == Self::Comment || self == Self::Unknown || self.is_directive()
    }

    pub fn is_string(self) -> bool {
        matches!(self, Self::String | Self::StringStart | Self::StringPart | Self::StringTail)
    }

    pub fn is_comparison(self) -> bool {
        matches!(
            self,
            Self::Equal
                | Self::NotEqual
                | Self::Less
                | Self::LessOrEqual
                | Self::Greater
                | Self::GreaterOrEqual
        )
    }
}

/// A token with its place. Only a deleted block spans lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    pub kind: TokenKind,
    pub start: u32,
    pub end: u32,
    /// Line of the start, counted from zero.
    pub line: u32,
}

impl Token {
    pub fn range(self) -> TextRange {
        TextRange { start: self.start, end: self.end }
    }
}
