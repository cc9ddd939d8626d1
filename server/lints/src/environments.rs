//! Execution environments that the condition of a `#Если` line may name.

/// Environments whose spelling is fixed, Russian and English.
pub(crate) const STRICT_ENVIRONMENTS: &[[&str; 2]] = &[
    ["Сервер", "Server"],
    ["НаСервере", "AtServer"],
    ["Клиент", "Client"],
    ["НаКлиенте", "AtClient"],
    ["ТонкийКлиент", "ThinClient"],
    ["ВебКлиент", "WebClient"],
    ["ТолстыйКлиентОбычноеПриложение", "ThickClientOrdinaryApplication"],
    ["ТолстыйКлиентУправляемоеПриложение", "ThickClientManagedApplication"],
    ["ВнешнееСоединение", "ExternalConnection"],
    ["МобильноеПриложениеКлиент", "MobileAppClient"],
    ["МобильноеПриложениеСервер", "MobileAppServer"],
    ["МобильныйКлиент", "MobileClient"],
];

/// Environments that may be written in any case.
const LOOSE_ENVIRONMENTS: &[&str] =
    &["МобильныйАвтономныйСервер", "MobileStandaloneServer", "Linux", "Windows", "MacOS"];

pub(crate) fn is_environment(name: &str) -> bool {
    environments().any(|known| base::same_name(known, name))
}

/// Names of all environments in both languages.
pub(crate) fn environments() -> impl Iterator<Item = &'static str> {
    STRICT_ENVIRONMENTS.as_flattened().iter().chain(LOOSE_ENVIRONMENTS).copied()
}
