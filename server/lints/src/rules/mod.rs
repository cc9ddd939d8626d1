//! One file per rule, and the only list of them.

mod all_function_path_must_have_return;
mod begin_transaction_before_try_catch;
mod cached_public;
mod call_unavailable_in_context;
mod canonical_spelling_keywords;
mod code_block_before_sub;
mod code_out_of_region;
mod cognitive_complexity;
mod command_module_export_methods;
mod commented_code;
mod commit_transaction_outside_try_catch;
mod common_module_assign;
mod common_module_invalid_type;
mod common_module_missing_api;
mod common_module_name_cached;
mod common_module_name_client;
mod common_module_name_client_server;
mod common_module_name_full_access;
mod common_module_name_global;
mod common_module_name_global_client;
mod common_module_name_server_call;
mod common_module_name_words;
mod common_module_variables;
mod compilation_directive_lost;
mod compilation_directive_need_less;
mod consecutive_empty_lines;
mod crazy_multiline_string;
mod create_query_in_cycle;
mod cyclomatic_complexity;
mod data_exchange_loading;
mod deny_incomplete_values;
mod deprecated_current_date;
mod deprecated_find;
mod deprecated_message;
mod deprecated_type_managed_form;
mod disable_safe_mode;
mod double_negatives;
mod duplicate_region;
mod duplicate_string_literal;
mod empty_code_block;
mod empty_region;
mod empty_statement;
mod export_variables;
mod extra_commas;
mod forbidden_metadata_name;
mod form_context_unavailable;
mod form_data_to_value;
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
mod metadata_object_name_length;
mod method_size;
mod missed_required_parameter;
mod missing_code_try_catch_ex;
mod missing_common_module_method;
mod missing_event_subscription_handler;
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
mod ordinary_app_support;
mod os_users_method;
mod pairing_broken_transaction;
mod parse_error;
mod privileged_module_method_call;
mod procedure_returns_value;
mod procedure_used_as_function;
mod protected_module;
mod public_methods_description;
mod query_to_missing_metadata;
mod redundant_access_to_object;
mod reserved_parameter_names;
mod same_metadata_object_and_child_names;
mod scheduled_job_handler;
mod self_assign;
mod self_insertion;
mod semicolon_presence;
mod server_side_export_form_method;
mod set_permissions_for_new_objects;
mod set_privileged_mode;
mod several_compiler_directives;
mod space_at_start_comment;
mod temp_files_dir;
mod ternary_operator_usage;
mod too_many_arguments;
mod too_many_returns;
mod try_number;
mod unknown_preprocessor_symbol;
mod unknown_query_field;
mod unreachable_code;
mod unresolved_method_call;
mod unsafe_find_by_code;
mod unset_query_parameter;
mod unused_local_method;
mod unused_local_variable;
mod unused_parameters;
mod use_less_for_each;
mod useless_ternary_operator;
mod using_find_element_by_string;
mod using_goto;
mod using_hardcode_network_address;
mod using_hardcode_path;
mod using_hardcode_secret_information;
mod using_service_tag;
mod using_this_form;
mod wrong_data_path_for_form_elements;
mod wrong_http_service_handler;
mod wrong_use_of_rollback_transaction_method;
mod wrong_web_service_handler;
mod yo_letter_usage;

use crate::rule::RuleInfo;

pub(crate) static RULES: &[&RuleInfo] = &[
    &all_function_path_must_have_return::RULE,
    &begin_transaction_before_try_catch::RULE,
    &cached_public::RULE,
    &call_unavailable_in_context::RULE,
    &canonical_spelling_keywords::RULE,
    &code_block_before_sub::RULE,
    &code_out_of_region::RULE,
    &cognitive_complexity::RULE,
    &command_module_export_methods::RULE,
    &commented_code::RULE,
    &commit_transaction_outside_try_catch::RULE,
    &common_module_assign::RULE,
    &common_module_invalid_type::RULE,
    &common_module_missing_api::RULE,
    &common_module_name_cached::RULE,
    &common_module_name_client::RULE,
    &common_module_name_client_server::RULE,
    &common_module_name_full_access::RULE,
    &common_module_name_global::RULE,
    &common_module_name_global_client::RULE,
    &common_module_name_server_call::RULE,
    &common_module_name_words::RULE,
    &common_module_variables::RULE,
    &compilation_directive_lost::RULE,
    &compilation_directive_need_less::RULE,
    &consecutive_empty_lines::RULE,
    &crazy_multiline_string::RULE,
    &create_query_in_cycle::RULE,
    &cyclomatic_complexity::RULE,
    &data_exchange_loading::RULE,
    &deny_incomplete_values::RULE,
    &deprecated_current_date::RULE,
    &deprecated_find::RULE,
    &deprecated_message::RULE,
    &deprecated_type_managed_form::RULE,
    &disable_safe_mode::RULE,
    &double_negatives::RULE,
    &duplicate_region::RULE,
    &duplicate_string_literal::RULE,
    &empty_code_block::RULE,
    &empty_region::RULE,
    &empty_statement::RULE,
    &export_variables::RULE,
    &extra_commas::RULE,
    &forbidden_metadata_name::RULE,
    &form_context_unavailable::RULE,
    &form_data_to_value::RULE,
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
    &metadata_object_name_length::RULE,
    &method_size::RULE,
    &missed_required_parameter::RULE,
    &missing_code_try_catch_ex::RULE,
    &missing_common_module_method::RULE,
    &missing_event_subscription_handler::RULE,
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
    &ordinary_app_support::RULE,
    &os_users_method::RULE,
    &pairing_broken_transaction::RULE,
    &parse_error::RULE,
    &privileged_module_method_call::RULE,
    &procedure_returns_value::RULE,
    &procedure_used_as_function::RULE,
    &protected_module::RULE,
    &public_methods_description::RULE,
    &query_to_missing_metadata::RULE,
    &redundant_access_to_object::RULE,
    &reserved_parameter_names::RULE,
    &same_metadata_object_and_child_names::RULE,
    &scheduled_job_handler::RULE,
    &self_assign::RULE,
    &self_insertion::RULE,
    &semicolon_presence::RULE,
    &server_side_export_form_method::RULE,
    &set_permissions_for_new_objects::RULE,
    &set_privileged_mode::RULE,
    &several_compiler_directives::RULE,
    &space_at_start_comment::RULE,
    &temp_files_dir::RULE,
    &ternary_operator_usage::RULE,
    &too_many_arguments::RULE,
    &too_many_returns::RULE,
    &try_number::RULE,
    &unknown_preprocessor_symbol::RULE,
    &unknown_query_field::RULE,
    &unreachable_code::RULE,
    &unresolved_method_call::RULE,
    &unsafe_find_by_code::RULE,
    &unset_query_parameter::RULE,
    &unused_local_method::RULE,
    &unused_local_variable::RULE,
    &unused_parameters::RULE,
    &use_less_for_each::RULE,
    &useless_ternary_operator::RULE,
    &using_find_element_by_string::RULE,
    &using_goto::RULE,
    &using_hardcode_network_address::RULE,
    &using_hardcode_path::RULE,
    &using_hardcode_secret_information::RULE,
    &using_service_tag::RULE,
    &using_this_form::RULE,
    &wrong_data_path_for_form_elements::RULE,
    &wrong_http_service_handler::RULE,
    &wrong_use_of_rollback_transaction_method::RULE,
    &wrong_web_service_handler::RULE,
    &yo_letter_usage::RULE,
];
