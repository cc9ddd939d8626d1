; Of two patterns for one node the later one wins. Keywords have English names whatever the source uses.

(identifier) @variable

; ---- names

(member_expression property: (identifier) @property)
(column alias: (identifier) @variable)
(source table: (identifier) @type)
(source table: (member_expression object: (identifier) @module))
(source table: (member_expression property: (identifier) @type))
(source alias: (identifier) @variable)
(into_clause name: (identifier) @type)
(drop_query name: (identifier) @type)
(call_expression function: (identifier) @function.builtin)
(type (identifier) @type)
(parameter "&" @variable.parameter)
(parameter name: (identifier) @variable.parameter)
(placeholder) @string.special

; ---- literals

(number) @number
(string) @string
(boolean) @boolean
(undefined) @constant.builtin
(null) @constant.builtin

; ---- keywords

[
  "select"
  "allowed"
  "distinct"
  "top"
  "into"
  "add"
  "drop"
  "from"
  "where"
  "having"
  "union"
  "all"
  "join"
  "left"
  "right"
  "full"
  "inner"
  "outer"
  "on"
  "group"
  "grouping"
  "sets"
  "order"
  "by"
  "asc"
  "desc"
  "totals"
  "overall"
  "only"
  "hierarchy"
  "periods"
  "index"
  "unique"
  "for"
  "update"
  "as"
] @keyword
(autoorder_clause) @keyword
["case" "when" "then" "else" "end"] @keyword.conditional
["and" "or" "not" "in" "is" "like" "between" "escape" "refs"] @keyword.operator
(is_null_expression "null" @keyword.operator)

; ---- punctuation

["=" "<>" "<" "<=" ">" ">=" "+" "-" "/"] @operator
(binary_expression operator: "*" @operator)
["." "," ";"] @punctuation.delimiter
["(" ")" "{" "}"] @punctuation.bracket

(comment) @comment
