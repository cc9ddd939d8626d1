//! Nodes of the flat syntax tree: their kinds and the roles they play in their parents.

macro_rules! node_kinds {
    ($($kind:ident = $name:literal),* $(,)? ; $($synthetic:ident),* $(,)?) => {
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(u8)]
        pub enum NodeKind { $($kind,)* $($synthetic,)* }

        impl NodeKind {
            pub const COUNT: usize = [$(Self::$kind,)* $(Self::$synthetic,)*].len();

            pub(crate) fn from_grammar_name(name: &str) -> Option<Self> {
                match name { $($name => Some(Self::$kind),)* _ => None }
            }
        }
    };
}

node_kinds! {
    Procedure = "procedure_definition",
    Function = "function_definition",
    Parameters = "parameters",
    Parameter = "parameter",
    Annotation = "annotation",
    AnnotationArguments = "annotation_arguments",
    AnnotationArgument = "annotation_argument",
    // Statements; their own ranges do not include `;`.
    VarDeclaration = "var_declaration",
    LabeledStatement = "labeled_statement",
    Assignment = "assignment_statement",
    ExpressionStatement = "expression_statement",
    If = "if_statement",
    While = "while_statement",
    For = "for_statement",
    ForEach = "for_each_statement",
    Try = "try_statement",
    Return = "return_statement",
    Break = "break_statement",
    Continue = "continue_statement",
    Goto = "goto_statement",
    Raise = "raise_statement",
    Execute = "execute_statement",
    AddHandler = "add_handler_statement",
    RemoveHandler = "remove_handler_statement",
    // Parts of statements.
    Variable = "variable",
    Label = "label",
    ElsifClause = "elsif_clause",
    ElseClause = "else_clause",
    ExceptClause = "except_clause",
    // Expressions.
    Binary = "binary_expression",
    Unary = "unary_expression",
    Await = "await_expression",
    Member = "member_expression",
    Index = "index_expression",
    Call = "call_expression",
    Arguments = "arguments",
    New = "new_expression",
    Ternary = "ternary_expression",
    Parenthesized = "parenthesized_expression",
    Name = "identifier",
    Number = "number",
    Date = "date",
    String = "string",
    Boolean = "boolean",
    Undefined = "undefined",
    Null = "null",
    ;
    // The whole section.
    Module,
    // Statements of a method, a branch, a loop, a try or except part; empty if there are none.
    Block,
    // A `;` that separates nothing.
    EmptyStatement,
    // Text that did not fit the grammar.
    Error,
}

impl NodeKind {
    pub fn is_method(self) -> bool {
        matches!(self, Self::Procedure | Self::Function)
    }

    pub fn is_statement(self) -> bool {
        (Self::VarDeclaration..=Self::RemoveHandler).contains(&self) || self == Self::EmptyStatement
    }

    pub fn is_expression(self) -> bool {
        (Self::Binary..=Self::Null).contains(&self) && self != Self::Arguments
    }

    pub fn is_loop(self) -> bool {
        matches!(self, Self::While | Self::For | Self::ForEach)
    }

    pub fn is_literal(self) -> bool {
        (Self::Number..=Self::Null).contains(&self)
    }

    /// Owns one or more blocks.
    pub(crate) fn has_block(self) -> bool {
        self.is_method()
            || self.is_loop()
            || matches!(
                self,
                Self::If | Self::Try | Self::ElsifClause | Self::ElseClause | Self::ExceptClause
            )
    }
}

macro_rules! roles {
    ($($role:ident = $name:literal),* $(,)?) => {
        /// What a node is for its parent.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[repr(u8)]
        pub enum Role { None, $($role,)* }

        impl Role {
            pub(crate) fn from_field_name(name: &str) -> Self {
                match name { $($name => Self::$role,)* _ => Self::None }
            }
        }
    };
}

roles! {
    Name = "name",
    Parameters = "parameters",
    Default = "default",
    Value = "value",
    Condition = "condition",
    Left = "left",
    Right = "right",
    Operand = "operand",
    Object = "object",
    Property = "property",
    Index = "index",
    Function = "function",
    Arguments = "arguments",
    Type = "type",
    Consequence = "consequence",
    Alternative = "alternative",
    Variable = "variable",
    From = "from",
    To = "to",
    Collection = "collection",
    Code = "code",
    Event = "event",
    Handler = "handler",
}

/// Index of a node; nodes are numbered in document order, parents before children.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(pub u32);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Node {
    pub kind: NodeKind,
    pub role: Role,
    /// A syntax error lies somewhere inside.
    pub has_error: bool,
    /// Text that did not fit stands directly in this node, so its shape cannot be trusted.
    pub is_broken: bool,
    pub(crate) parent: u32,
    /// One past the last descendant.
    pub(crate) end: u32,
    pub(crate) first_token: u32,
    pub(crate) end_token: u32,
}
