//! Kinds of tokens and nodes of a query, and the roles of nodes in their parents.

macro_rules! token_kinds {
    (
        keywords { $($keyword:ident = $keyword_name:literal [$russian:literal, $english:literal]),* $(,)? }
        signs { $($sign:ident = $sign_name:literal),* $(,)? }
        others { $($other:ident),* $(,)? }
    ) => {
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(u8)]
        pub enum QueryTokenKind { $($keyword,)* $($sign,)* $($other,)* }

        impl QueryTokenKind {
            /// Every keyword.
            pub const KEYWORDS: &[Self] = &[$(Self::$keyword),*];

            /// Kind of an anonymous node of the grammar, by its name.
            pub(super) fn from_grammar_name(name: &str) -> Option<Self> {
                match name {
                    $($keyword_name => Some(Self::$keyword),)*
                    $($sign_name => Some(Self::$sign),)*
                    _ => None,
                }
            }

            pub fn is_keyword(self) -> bool {
                (self as u8) < Self::KEYWORDS.len() as u8
            }

            /// Russian and English spelling of a keyword.
            pub fn spellings(self) -> Option<(&'static str, &'static str)> {
                match self {
                    $(Self::$keyword => Some(($russian, $english)),)*
                    _ => None,
                }
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
        Select = "select" ["ВЫБРАТЬ", "SELECT"],
        Allowed = "allowed" ["РАЗРЕШЕННЫЕ", "ALLOWED"],
        Distinct = "distinct" ["РАЗЛИЧНЫЕ", "DISTINCT"],
        Top = "top" ["ПЕРВЫЕ", "TOP"],
        Into = "into" ["ПОМЕСТИТЬ", "INTO"],
        Add = "add" ["ДОБАВИТЬ", "ADD"],
        Drop = "drop" ["УНИЧТОЖИТЬ", "DROP"],
        From = "from" ["ИЗ", "FROM"],
        Where = "where" ["ГДЕ", "WHERE"],
        Having = "having" ["ИМЕЮЩИЕ", "HAVING"],
        Union = "union" ["ОБЪЕДИНИТЬ", "UNION"],
        All = "all" ["ВСЕ", "ALL"],
        Join = "join" ["СОЕДИНЕНИЕ", "JOIN"],
        Left = "left" ["ЛЕВОЕ", "LEFT"],
        Right = "right" ["ПРАВОЕ", "RIGHT"],
        Full = "full" ["ПОЛНОЕ", "FULL"],
        Inner = "inner" ["ВНУТРЕННЕЕ", "INNER"],
        Outer = "outer" ["ВНЕШНЕЕ", "OUTER"],
        On = "on" ["ПО", "ON"],
        By = "by" ["ПО", "BY"],
        Group = "group" ["СГРУППИРОВАТЬ", "GROUP"],
        Grouping = "grouping" ["ГРУППИРУЮЩИМ", "GROUPING"],
        Sets = "sets" ["НАБОРАМ", "SETS"],
        Order = "order" ["УПОРЯДОЧИТЬ", "ORDER"],
        Ascending = "asc" ["ВОЗР", "ASC"],
        Descending = "desc" ["УБЫВ", "DESC"],
        AutoOrder = "autoorder" ["АВТОУПОРЯДОЧИВАНИЕ", "AUTOORDER"],
        Totals = "totals" ["ИТОГИ", "TOTALS"],
        Overall = "overall" ["ОБЩИЕ", "OVERALL"],
        Only = "only" ["ТОЛЬКО", "ONLY"],
        Hierarchy = "hierarchy" ["ИЕРАРХИЯ", "HIERARCHY"],
        Periods = "periods" ["ПЕРИОДАМИ", "PERIODS"],
        Index = "index" ["ИНДЕКСИРОВАТЬ", "INDEX"],
        Unique = "unique" ["УНИКАЛЬНО", "UNIQUE"],
        For = "for" ["ДЛЯ", "FOR"],
        Update = "update" ["ИЗМЕНЕНИЯ", "UPDATE"],
        As = "as" ["КАК", "AS"],
        And = "and" ["И", "AND"],
        Or = "or" ["ИЛИ", "OR"],
        Not = "not" ["НЕ", "NOT"],
        In = "in" ["В", "IN"],
        Is = "is" ["ЕСТЬ", "IS"],
        Like = "like" ["ПОДОБНО", "LIKE"],
        Escape = "escape" ["СПЕЦСИМВОЛ", "ESCAPE"],
        Between = "between" ["МЕЖДУ", "BETWEEN"],
        Refs = "refs" ["ССЫЛКА", "REFS"],
        Case = "case" ["ВЫБОР", "CASE"],
        When = "when" ["КОГДА", "WHEN"],
        Then = "then" ["ТОГДА", "THEN"],
        Else = "else" ["ИНАЧЕ", "ELSE"],
        End = "end" ["КОНЕЦ", "END"],
        True = "true" ["ИСТИНА", "TRUE"],
        False = "false" ["ЛОЖЬ", "FALSE"],
        Undefined = "undefined" ["НЕОПРЕДЕЛЕНО", "UNDEFINED"],
        Null = "null" ["NULL", "NULL"],
    }
    signs {
        Plus = "+",
        Minus = "-",
        Star = "*",
        Slash = "/",
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
        LeftBrace = "{",
        RightBrace = "}",
        Ampersand = "&",
    }
    others {
        Identifier,
        Number,
        // With quotes; may span lines.
        String,
        Placeholder,
        Comment,
        // Characters that no token starts with.
        Unknown,
    }
}

impl QueryTokenKind {
    /// Operators of comparison and arithmetic; `*` may also stand for all fields.
    pub fn is_operator(self) -> bool {
        (Self::Plus..=Self::GreaterOrEqual).contains(&self)
    }

    pub fn is_trivia(self) -> bool {
        matches!(self, Self::Comment | Self::Unknown)
    }
}

macro_rules! node_kinds {
    ($($kind:ident = $name:literal),* $(,)? ; $($synthetic:ident),* $(,)?) => {
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(u8)]
        pub enum QueryNodeKind { $($kind,)* $($synthetic,)* }

        impl QueryNodeKind {
            pub const COUNT: usize = [$(Self::$kind,)* $(Self::$synthetic,)*].len();

            pub(super) fn from_grammar_name(name: &str) -> Option<Self> {
                match name { $($name => Some(Self::$kind),)* _ => None }
            }
        }
    };
}

node_kinds! {
    // One query of a package, with all parts of its union.
    Query = "query",
    Drop = "drop_query",
    Select = "select_query",
    Top = "top",
    Column = "column",
    AllFields = "all_fields",
    Into = "into_clause",
    From = "from_clause",
    Where = "where_clause",
    Group = "group_clause",
    Having = "having_clause",
    Order = "order_clause",
    OrderItem = "order_item",
    AutoOrder = "autoorder_clause",
    Totals = "totals_clause",
    Total = "total",
    Periods = "periods",
    Index = "index_clause",
    ForUpdate = "for_update_clause",
    // `{…}`: settings of data composition.
    Composition = "composition",
    Source = "source",
    Subquery = "subquery",
    Join = "join",
    // Expressions.
    Binary = "binary_expression",
    Unary = "unary_expression",
    In = "in_expression",
    Between = "between_expression",
    Like = "like_expression",
    IsNull = "is_null_expression",
    Refs = "refs_expression",
    Case = "case_expression",
    WhenBranch = "when_branch",
    ElseBranch = "else_branch",
    Parenthesized = "parenthesized_expression",
    Tuple = "tuple",
    ExpressionList = "expression_list",
    Member = "member_expression",
    // `Т.Строки.(Номер, Сумма)`
    NestedTable = "nested_table",
    Call = "call_expression",
    Arguments = "arguments",
    Type = "type",
    Parameter = "parameter",
    Placeholder = "placeholder",
    Name = "identifier",
    Number = "number",
    String = "string",
    Boolean = "boolean",
    Undefined = "undefined",
    Null = "null",
    // Half-typed text: these have no tokens and stand where something has to be written.
    MissingExpression = "missing_expression",
    MissingTable = "missing_table",
    MissingName = "missing_name",
    MissingCondition = "missing_condition",
    ;
    // The whole text.
    Package,
    // Text that did not fit the grammar.
    Error,
}

impl QueryNodeKind {
    pub fn is_missing(self) -> bool {
        (Self::MissingExpression..=Self::MissingCondition).contains(&self)
    }
}

macro_rules! roles {
    ($($role:ident = $name:literal),* $(,)?) => {
        /// What a node is for its parent.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[repr(u8)]
        pub enum QueryRole { None, $($role,)* }

        impl QueryRole {
            pub(super) fn from_field_name(name: &str) -> Self {
                match name { $($name => Self::$role,)* _ => Self::None }
            }
        }
    };
}

roles! {
    Name = "name",
    Count = "count",
    Value = "value",
    Alias = "alias",
    Object = "object",
    Property = "property",
    Condition = "condition",
    Table = "table",
    Left = "left",
    Right = "right",
    Operand = "operand",
    Low = "low",
    High = "high",
    Escape = "escape",
    Type = "type",
    Function = "function",
    Arguments = "arguments",
}
