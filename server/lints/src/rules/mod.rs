//! One file per rule. `RULES` is the only list of them.

use crate::rule::RuleInfo;

macro_rules! rules {
    ($($name:ident),* $(,)?) => {
        $(mod $name;)*
        pub(crate) static RULES: &[&RuleInfo] = &[$(&$name::RULE),*];
    };
}

rules! {
    deprecated_current_date,
    deprecated_find,
    deprecated_message,
    deprecated_type_managed_form,
    disable_safe_mode,
    empty_code_block,
    get_form_method,
    line_length,
    os_users_method,
    parse_error,
    set_privileged_mode,
    temp_files_dir,
    using_find_element_by_string,
}
