; Methods are the only scopes besides the module; a first assignment makes a variable.

[(procedure_definition) (function_definition) (source_file)] @local.scope

(parameter name: (identifier) @local.definition.parameter)
(variable name: (identifier) @local.definition.var)
(assignment_statement left: (identifier) @local.definition.var)
(for_statement variable: (identifier) @local.definition.var)
(for_each_statement variable: (identifier) @local.definition.var)
(procedure_definition name: (identifier) @local.definition.function)
(function_definition name: (identifier) @local.definition.function)

; Members belong to their object, not to a scope.
(call_expression function: (identifier) @local.reference)
(call_expression arguments: (arguments (identifier) @local.reference))
(member_expression object: (identifier) @local.reference)
(index_expression object: (identifier) @local.reference)
(index_expression index: (identifier) @local.reference)
(assignment_statement right: (identifier) @local.reference)
(binary_expression (identifier) @local.reference)
(unary_expression operand: (identifier) @local.reference)
(await_expression operand: (identifier) @local.reference)
(ternary_expression (identifier) @local.reference)
(parenthesized_expression (identifier) @local.reference)
(return_statement value: (identifier) @local.reference)
(if_statement condition: (identifier) @local.reference)
(elsif_clause condition: (identifier) @local.reference)
(while_statement condition: (identifier) @local.reference)
(for_statement from: (identifier) @local.reference)
(for_statement to: (identifier) @local.reference)
(for_each_statement collection: (identifier) @local.reference)
