//! One file per rule, and the only list of them.

mod all_function_path_must_have_return;
mod assign_to_read_only_property;
mod bad_exception_category;
mod begin_transaction_before_try_catch;
mod call_unavailable_in_context;
mod canonical_spelling_keywords;
mod code_after_async_call;
mod code_block_before_sub;
mod code_out_of_region;
mod cognitive_complexity;
mod command_module_export_methods;
mod commented_code;
mod commit_transaction_outside_try_catch;
mod common_module_assign;
mod common_module_variables;
mod compare_with_boolean;
mod consecutive_empty_lines;
mod crazy_multiline_string;
mod create_query_in_cycle;
mod cyclomatic_complexity;
mod deprecated_current_date;
mod deprecated_find;
mod deprecated_message;
mod deprecated_method_call;
mod deprecated_type_managed_form;
mod disable_safe_mode;
mod double_negatives;
mod duplicate_region;
mod duplicate_string_literal;
mod empty_code_block;
mod empty_region;
mod empty_statement;
mod event_handler_invalid_signature;
mod event_handler_outside_event_region;
mod export_variables;
mod extra_commas;
mod form_context_unavailable;
mod form_data_to_value;
mod function_name_starts_with_get;
mod function_out_parameter;
mod function_returns_same_primitive;
mod function_should_have_return;
mod get_form_method;
mod global_context_method_collision8312;
mod identical_expressions;
mod if_condition_complexity;
mod if_else_duplicated_code_block;
mod if_else_duplicated_condition;
mod if_else_if_ends_with_else;
mod invalid_character_in_file;
mod latin_and_cyrillic_symbol_in_word;
mod line_length;
mod magic_date;
mod magic_number;
mod method_size;
mod missed_required_parameter;
mod missing_code_try_catch_ex;
mod missing_common_module_method;
mod missing_parameter_description;
mod missing_returned_value_description;
mod missing_space;
mod missing_variables_description;
mod nested_constructors_in_structure_declaration;
mod nested_function_in_parameters;
mod nested_statements;
mod nested_ternary_operator;
mod non_export_methods_in_api_region;
mod non_standard_region;
mod number_of_optional_params;
mod number_of_params;
mod number_of_values_in_structure_constructor;
mod one_statement_per_line;
mod order_of_params;
mod os_users_method;
mod pairing_broken_transaction;
mod parse_error;
mod procedure_returns_value;
mod procedure_used_as_function;
mod public_methods_description;
mod query_to_missing_metadata;
mod reserved_parameter_names;
mod rewrite_method_parameter;
mod self_assign;
mod self_insertion;
mod semicolon_presence;
mod set_privileged_mode;
mod several_compiler_directives;
mod space_at_start_comment;
mod temp_files_dir;
mod ternary_operator_usage;
mod too_many_arguments;
mod too_many_returns;
mod transferring_parameters_between_client_and_server;
mod try_number;
mod unavailable_member_call;
mod unknown_member;
mod unknown_preprocessor_symbol;
mod unknown_query_field;
mod unreachable_code;
mod unresolved_method_call;
mod unset_query_parameter;
mod unused_local_method;
mod unused_local_variable;
mod unused_parameters;
mod use_less_for_each;
mod useless_ternary_operator;
mod using_cancel_parameter;
mod using_find_element_by_string;
mod using_goto;
mod using_hardcode_network_address;
mod using_hardcode_path;
mod using_hardcode_secret_information;
mod using_service_tag;
mod using_this_form;
mod wrong_use_function_proceed_with_call;
mod wrong_use_of_rollback_transaction_method;
mod yo_letter_usage;

use crate::rule::RuleInfo;

pub(crate) static RULES: &[&RuleInfo] = &[
    &all_function_path_must_have_return::RULE,
    &assign_to_read_only_property::RULE,
    &bad_exception_category::RULE,
    &begin_transaction_before_try_catch::RULE,
    &call_unavailable_in_context::RULE,
    &canonical_spelling_keywords::RULE,
    &code_after_async_call::RULE,
    &code_block_before_sub::RULE,
    &code_out_of_region::RULE,
    &cognitive_complexity::RULE,
    &command_module_export_methods::RULE,
    &commented_code::RULE,
    &commit_transaction_outside_try_catch::RULE,
    &common_module_assign::RULE,
    &common_module_variables::RULE,
    &compare_with_boolean::RULE,
    &consecutive_empty_lines::RULE,
    &crazy_multiline_string::RULE,
    &create_query_in_cycle::RULE,
    &cyclomatic_complexity::RULE,
    &deprecated_current_date::RULE,
    &deprecated_find::RULE,
    &deprecated_message::RULE,
    &deprecated_method_call::RULE,
    &deprecated_type_managed_form::RULE,
    &disable_safe_mode::RULE,
    &double_negatives::RULE,
    &duplicate_region::RULE,
    &duplicate_string_literal::RULE,
    &empty_code_block::RULE,
    &empty_region::RULE,
    &empty_statement::RULE,
    &event_handler_invalid_signature::RULE,
    &event_handler_outside_event_region::RULE,
    &export_variables::RULE,
    &extra_commas::RULE,
    &form_context_unavailable::RULE,
    &form_data_to_value::RULE,
    &function_name_starts_with_get::RULE,
    &function_out_parameter::RULE,
    &function_returns_same_primitive::RULE,
    &function_should_have_return::RULE,
    &get_form_method::RULE,
    &global_context_method_collision8312::RULE,
    &identical_expressions::RULE,
    &if_condition_complexity::RULE,
    &if_else_duplicated_code_block::RULE,
    &if_else_duplicated_condition::RULE,
    &if_else_if_ends_with_else::RULE,
    &invalid_character_in_file::RULE,
    &latin_and_cyrillic_symbol_in_word::RULE,
    &line_length::RULE,
    &magic_date::RULE,
    &magic_number::RULE,
    &method_size::RULE,
    &missed_required_parameter::RULE,
    &missing_code_try_catch_ex::RULE,
    &missing_common_module_method::RULE,
    &missing_parameter_description::RULE,
    &missing_returned_value_description::RULE,
    &missing_space::RULE,
    &missing_variables_description::RULE,
    &nested_constructors_in_structure_declaration::RULE,
    &nested_function_in_parameters::RULE,
    &nested_statements::RULE,
    &nested_ternary_operator::RULE,
    &non_export_methods_in_api_region::RULE,
    &non_standard_region::RULE,
    &number_of_optional_params::RULE,
    &number_of_params::RULE,
    &number_of_values_in_structure_constructor::RULE,
    &one_statement_per_line::RULE,
    &order_of_params::RULE,
    &os_users_method::RULE,
    &pairing_broken_transaction::RULE,
    &parse_error::RULE,
    &procedure_returns_value::RULE,
    &procedure_used_as_function::RULE,
    &public_methods_description::RULE,
    &query_to_missing_metadata::RULE,
    &reserved_parameter_names::RULE,
    &rewrite_method_parameter::RULE,
    &self_assign::RULE,
    &self_insertion::RULE,
    &semicolon_presence::RULE,
    &set_privileged_mode::RULE,
    &several_compiler_directives::RULE,
    &space_at_start_comment::RULE,
    &temp_files_dir::RULE,
    &ternary_operator_usage::RULE,
    &too_many_arguments::RULE,
    &too_many_returns::RULE,
    &transferring_parameters_between_client_and_server::RULE,
    &try_number::RULE,
    &unavailable_member_call::RULE,
    &unknown_member::RULE,
    &unknown_preprocessor_symbol::RULE,
    &unknown_query_field::RULE,
    &unreachable_code::RULE,
    &unresolved_method_call::RULE,
    &unset_query_parameter::RULE,
    &unused_local_method::RULE,
    &unused_local_variable::RULE,
    &unused_parameters::RULE,
    &use_less_for_each::RULE,
    &useless_ternary_operator::RULE,
    &using_cancel_parameter::RULE,
    &using_find_element_by_string::RULE,
    &using_goto::RULE,
    &using_hardcode_network_address::RULE,
    &using_hardcode_path::RULE,
    &using_hardcode_secret_information::RULE,
    &using_service_tag::RULE,
    &using_this_form::RULE,
    &wrong_use_function_proceed_with_call::RULE,
    &wrong_use_of_rollback_transaction_method::RULE,
    &yo_letter_usage::RULE,
];
