//! One file per rule, and the only list of them.

mod all_function_path_must_have_return;
mod assign_alias_fields_in_query;
mod assign_to_read_only_property;
mod bad_exception_category;
mod bad_words;
mod begin_transaction_before_try_catch;
mod cached_public;
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
mod compare_with_boolean;
mod compilation_directive_lost;
mod compilation_directive_need_less;
mod consecutive_empty_lines;
mod crazy_multiline_string;
mod create_query_in_cycle;
mod cyclomatic_complexity;
mod data_exchange_loading;
mod deleting_collection_item;
mod deny_incomplete_values;
mod deprecated_attributes8312;
mod deprecated_current_date;
mod deprecated_find;
mod deprecated_message;
mod deprecated_method_call;
mod deprecated_type_managed_form;
mod disable_safe_mode;
mod double_negatives;
mod duplicate_region;
mod duplicate_string_literal;
mod duplicated_insertion_into_collection;
mod empty_code_block;
mod empty_region;
mod empty_statement;
mod event_handler_invalid_signature;
mod event_handler_outside_event_region;
mod excessive_auto_test_check;
mod execute_external_code;
mod execute_external_code_in_common_module;
mod export_variables;
mod external_app_starting;
mod extra_commas;
mod fields_from_joins_without_is_null;
mod file_system_access;
mod forbidden_metadata_name;
mod form_context_unavailable;
mod form_data_to_value;
mod full_outer_join_query;
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
mod incorrect_line_break;
mod incorrect_use_like_in_query;
mod incorrect_use_of_str_template;
mod internet_access;
mod invalid_character_in_file;
mod is_in_role_method;
mod join_with_sub_query;
mod join_with_virtual_table;
mod latin_and_cyrillic_symbol_in_word;
mod line_length;
mod logical_or_in_join_query_section;
mod logical_or_in_the_where_section_of_query;
mod magic_date;
mod magic_number;
mod metadata_object_name_length;
mod method_size;
mod missed_required_parameter;
mod missing_code_try_catch_ex;
mod missing_common_module_method;
mod missing_event_subscription_handler;
mod missing_parameter_description;
mod missing_returned_value_description;
mod missing_space;
mod missing_temp_storage_deletion;
mod missing_temporary_file_deletion;
mod missing_variables_description;
mod multiline_string_in_query;
mod multilingual_string_has_all_declared_languages;
mod multilingual_string_using_with_template;
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
mod query_nested_fields_by_dot;
mod query_parse_error;
mod query_to_missing_metadata;
mod redundant_access_to_object;
mod ref_overuse;
mod reserved_parameter_names;
mod rewrite_method_parameter;
mod same_metadata_object_and_child_names;
mod scheduled_job_handler;
mod select_top_without_order_by;
mod self_assign;
mod self_insertion;
mod semicolon_presence;
mod server_calls_in_form_events;
mod server_side_export_form_method;
mod set_permissions_for_new_objects;
mod set_privileged_mode;
mod several_compiler_directives;
mod space_at_start_comment;
mod style_element_constructors;
mod temp_files_dir;
mod ternary_operator_usage;
mod this_object_assign;
mod timeouts_in_external_resources;
mod too_many_arguments;
mod too_many_returns;
mod transferring_parameters_between_client_and_server;
mod try_number;
mod typo;
mod unary_plus_in_concatenation;
mod unavailable_member_call;
mod union_all;
mod unknown_member;
mod unknown_preprocessor_symbol;
mod unknown_query_field;
mod unreachable_code;
mod unresolved_method_call;
mod unsafe_find_by_code;
mod unsafe_safe_mode_method_call;
mod unset_query_parameter;
mod unused_local_method;
mod unused_local_variable;
mod unused_parameters;
mod usage_write_log_event;
mod use_less_for_each;
mod use_system_information;
mod useless_ternary_operator;
mod using_cancel_parameter;
mod using_external_code_tools;
mod using_find_element_by_string;
mod using_goto;
mod using_hardcode_network_address;
mod using_hardcode_path;
mod using_hardcode_secret_information;
mod using_like_in_query;
mod using_modal_windows;
mod using_object_not_available_unix;
mod using_service_tag;
mod using_synchronous_calls;
mod using_this_form;
mod virtual_table_call_without_parameters;
mod wrong_data_path_for_form_elements;
mod wrong_http_service_handler;
mod wrong_use_function_proceed_with_call;
mod wrong_use_of_rollback_transaction_method;
mod wrong_web_service_handler;
mod yo_letter_usage;

use crate::rule::RuleInfo;

pub(crate) static RULES: &[&RuleInfo] = &[
    &all_function_path_must_have_return::RULE,
    &assign_alias_fields_in_query::RULE,
    &assign_to_read_only_property::RULE,
    &bad_exception_category::RULE,
    &bad_words::RULE,
    &begin_transaction_before_try_catch::RULE,
    &cached_public::RULE,
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
    &compare_with_boolean::RULE,
    &compilation_directive_lost::RULE,
    &compilation_directive_need_less::RULE,
    &consecutive_empty_lines::RULE,
    &crazy_multiline_string::RULE,
    &create_query_in_cycle::RULE,
    &cyclomatic_complexity::RULE,
    &data_exchange_loading::RULE,
    &deleting_collection_item::RULE,
    &deny_incomplete_values::RULE,
    &deprecated_attributes8312::RULE,
    &deprecated_current_date::RULE,
    &deprecated_find::RULE,
    &deprecated_message::RULE,
    &deprecated_method_call::RULE,
    &deprecated_type_managed_form::RULE,
    &disable_safe_mode::RULE,
    &double_negatives::RULE,
    &duplicate_region::RULE,
    &duplicate_string_literal::RULE,
    &duplicated_insertion_into_collection::RULE,
    &empty_code_block::RULE,
    &empty_region::RULE,
    &empty_statement::RULE,
    &event_handler_invalid_signature::RULE,
    &event_handler_outside_event_region::RULE,
    &excessive_auto_test_check::RULE,
    &execute_external_code::RULE,
    &execute_external_code_in_common_module::RULE,
    &export_variables::RULE,
    &external_app_starting::RULE,
    &extra_commas::RULE,
    &fields_from_joins_without_is_null::RULE,
    &file_system_access::RULE,
    &forbidden_metadata_name::RULE,
    &form_context_unavailable::RULE,
    &form_data_to_value::RULE,
    &full_outer_join_query::RULE,
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
    &incorrect_line_break::RULE,
    &incorrect_use_like_in_query::RULE,
    &incorrect_use_of_str_template::RULE,
    &internet_access::RULE,
    &invalid_character_in_file::RULE,
    &is_in_role_method::RULE,
    &join_with_sub_query::RULE,
    &join_with_virtual_table::RULE,
    &latin_and_cyrillic_symbol_in_word::RULE,
    &line_length::RULE,
    &logical_or_in_join_query_section::RULE,
    &logical_or_in_the_where_section_of_query::RULE,
    &magic_date::RULE,
    &magic_number::RULE,
    &metadata_object_name_length::RULE,
    &method_size::RULE,
    &missed_required_parameter::RULE,
    &missing_code_try_catch_ex::RULE,
    &missing_common_module_method::RULE,
    &missing_event_subscription_handler::RULE,
    &missing_parameter_description::RULE,
    &missing_returned_value_description::RULE,
    &missing_space::RULE,
    &missing_temp_storage_deletion::RULE,
    &missing_temporary_file_deletion::RULE,
    &missing_variables_description::RULE,
    &multiline_string_in_query::RULE,
    &multilingual_string_has_all_declared_languages::RULE,
    &multilingual_string_using_with_template::RULE,
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
    &query_nested_fields_by_dot::RULE,
    &query_parse_error::RULE,
    &query_to_missing_metadata::RULE,
    &redundant_access_to_object::RULE,
    &ref_overuse::RULE,
    &reserved_parameter_names::RULE,
    &rewrite_method_parameter::RULE,
    &same_metadata_object_and_child_names::RULE,
    &scheduled_job_handler::RULE,
    &select_top_without_order_by::RULE,
    &self_assign::RULE,
    &self_insertion::RULE,
    &semicolon_presence::RULE,
    &server_calls_in_form_events::RULE,
    &server_side_export_form_method::RULE,
    &set_permissions_for_new_objects::RULE,
    &set_privileged_mode::RULE,
    &several_compiler_directives::RULE,
    &space_at_start_comment::RULE,
    &style_element_constructors::RULE,
    &temp_files_dir::RULE,
    &ternary_operator_usage::RULE,
    &this_object_assign::RULE,
    &timeouts_in_external_resources::RULE,
    &too_many_arguments::RULE,
    &too_many_returns::RULE,
    &transferring_parameters_between_client_and_server::RULE,
    &try_number::RULE,
    &typo::RULE,
    &unary_plus_in_concatenation::RULE,
    &unavailable_member_call::RULE,
    &union_all::RULE,
    &unknown_member::RULE,
    &unknown_preprocessor_symbol::RULE,
    &unknown_query_field::RULE,
    &unreachable_code::RULE,
    &unresolved_method_call::RULE,
    &unsafe_find_by_code::RULE,
    &unsafe_safe_mode_method_call::RULE,
    &unset_query_parameter::RULE,
    &unused_local_method::RULE,
    &unused_local_variable::RULE,
    &unused_parameters::RULE,
    &usage_write_log_event::RULE,
    &use_less_for_each::RULE,
    &use_system_information::RULE,
    &useless_ternary_operator::RULE,
    &using_cancel_parameter::RULE,
    &using_external_code_tools::RULE,
    &using_find_element_by_string::RULE,
    &using_goto::RULE,
    &using_hardcode_network_address::RULE,
    &using_hardcode_path::RULE,
    &using_hardcode_secret_information::RULE,
    &using_like_in_query::RULE,
    &using_modal_windows::RULE,
    &using_object_not_available_unix::RULE,
    &using_service_tag::RULE,
    &using_synchronous_calls::RULE,
    &using_this_form::RULE,
    &virtual_table_call_without_parameters::RULE,
    &wrong_data_path_for_form_elements::RULE,
    &wrong_http_service_handler::RULE,
    &wrong_use_function_proceed_with_call::RULE,
    &wrong_use_of_rollback_transaction_method::RULE,
    &wrong_web_service_handler::RULE,
    &yo_letter_usage::RULE,
];
