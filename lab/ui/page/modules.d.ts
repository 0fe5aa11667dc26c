// Modules that the compiler cannot see: the generated list of extensions, and plotly.js without types.
declare module "gradlab-extensions" {
  export const pluginModules: readonly unknown[];
  export const rendererModules: readonly unknown[];
}
declare module "plotly.js-dist-min";
