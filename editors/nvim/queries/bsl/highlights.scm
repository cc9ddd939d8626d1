; Of two patterns for one node the later one wins. Keywords have English names whatever the source uses.

(identifier) @variable

; ---- names

(call_expression function: (identifier) @function.call)
(call_expression function: (member_expression property: (identifier) @function.method.call))
(member_expression property: (identifier) @property)
(call_expression function: (member_expression property: (identifier) @function.method.call))
(new_expression type: (identifier) @type)
(parameter name: (identifier) @variable.parameter)
(procedure_definition name: (identifier) @function)
(function_definition name: (identifier) @function)
(label name: (identifier) @label)
(label "~" @label)
(annotation "&" @attribute)
(annotation name: (identifier) @attribute)
(annotation_argument name: (identifier) @variable.parameter)

; ---- literals

(number) @number
(date) @string.special
(string ["\"" "|"] @string)
(string_content) @string
(escape) @string.escape
(boolean) @boolean
(undefined) @constant.builtin
(null) @constant.builtin

; ---- keywords

["procedure" "endprocedure" "function" "endfunction"] @keyword.function
["var" "export" "val" "execute" "addhandler" "removehandler"] @keyword
["if" "then" "elsif" "else" "endif"] @keyword.conditional
["for" "each" "in" "to" "while" "do" "enddo"] @keyword.repeat
["return" "goto"] @keyword.return
(break_statement) @keyword.return
(continue_statement) @keyword.return
["try" "except" "endtry" "raise"] @keyword.exception
["async" "await"] @keyword.coroutine
["and" "or" "not" "new"] @keyword.operator
(unexpected_end) @keyword

; ---- punctuation

["=" "<>" "<" "<=" ">" ">=" "+" "-" "*" "/" "%" "?"] @operator
["." "," ";" ":"] @punctuation.delimiter
["(" ")" "[" "]"] @punctuation.bracket

; ---- extras

(comment) @comment
(deleted_text) @comment
[
  (preproc_shebang)
  (preproc_use)
  (preproc_region)
  (preproc_endregion)
  (preproc_if)
  (preproc_elsif)
  (preproc_else)
  (preproc_endif)
  (preproc_insert)
  (preproc_endinsert)
  (preproc_delete)
  (preproc_other)
] @keyword.directive
