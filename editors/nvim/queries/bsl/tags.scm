((comment)* @doc
  .
  (procedure_definition name: (identifier) @name) @definition.function
  (#strip! @doc "^//\\s?"))

((comment)* @doc
  .
  (function_definition name: (identifier) @name) @definition.function
  (#strip! @doc "^//\\s?"))

(source_file (var_declaration (variable name: (identifier) @name) @definition.variable))

(call_expression function: (identifier) @name) @reference.call
(call_expression function: (member_expression property: (identifier) @name)) @reference.call
(new_expression type: (identifier) @name) @reference.class
