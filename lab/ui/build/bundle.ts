// One run of rspack over the page and JupyterLab's themes.
import { createRequire } from "node:module";
import { join } from "node:path";
import { rspack, type Configuration, type RspackPluginInstance, type Stats } from "@rspack/core";
import { BuildError } from "./build-error.ts";

const require = createRequire(import.meta.url);

/** What a bundle is made of and where it goes. */
export interface BundleOptions {
  /** The folder whose packages are used, wherever the program was started. */
  readonly context: string;
  /** The TypeScript entry of the page. */
  readonly entry: string;
  /** The generated module that the entry imports as `gradlab-extensions`. */
  readonly extensions: string;
  /** The folder that receives `static/`. */
  readonly output: string;
  /** Configurations that build the theme packages, from `@jupyter/builder`. */
  readonly themes: readonly Configuration[];
  /** Called with a share from 0 to 1 while rspack works. */
  readonly onProgress: (share: number) => void;
}

/**
 * Bundles the page.
 *
 * @returns the scripts that the page loads first, relative to `static/`
 * @throws {BuildError} with rspack's first messages when a module does not compile
 */
export async function bundlePage(options: BundleOptions): Promise<string[]> {
  const { context } = options;
  const all = [pageConfiguration(options), ...options.themes];
  const compiler = rspack(all.map((configuration) => ({ ...configuration, context })));
  try {
    const stats = await new Promise<Stats[]>((resolve, reject) => {
      compiler.run((error, result) =>
        error
          ? reject(new BuildError(error.message, { cause: error }))
          : resolve(result?.stats ?? []),
      );
    });
    return entryScripts(stats);
  } finally {
    await new Promise<void>((resolve) => {
      compiler.close(() => resolve());
    });
  }
}

function pageConfiguration({
  entry,
  extensions,
  output,
  onProgress,
}: BundleOptions): Configuration {
  const base = require("@jupyter/builder/lib/webpack.config.base") as Configuration;
  return {
    ...base,
    mode: "production",
    devtool: false,
    entry: { main: entry },
    resolve: {
      ...base.resolve,
      alias: {
        ...(base.resolve?.alias as Record<string, string>),
        "gradlab-extensions": extensions,
      },
    },
    module: { ...base.module, rules: [...(base.module?.rules ?? []), typescriptRule()] },
    output: {
      path: join(output, "static"),
      filename: "[name].[contenthash:10].js",
      chunkFilename: "[name].[contenthash:10].js",
      assetModuleFilename: "assets/[contenthash:12][ext]",
      hashFunction: "xxhash64",
      publicPath: "auto",
    },
    optimization: { splitChunks: { chunks: "all", cacheGroups: { jupyterlab: JUPYTERLAB_GROUP } } },
    plugins: [
      ...(base.plugins ?? []),
      new rspack.ProgressPlugin((share) => onProgress(share)) as RspackPluginInstance,
    ],
    externals: ["ws"],
    performance: { hints: false },
  };
}

const JUPYTERLAB_GROUP = {
  test: /[\\/]node_modules[\\/]@(jupyterlab|lumino)[\\/]/,
  name: "jupyterlab",
  chunks: "all",
} as const;

function typescriptRule(): object {
  const parser = { syntax: "typescript" };
  return {
    test: /\.ts$/,
    loader: "builtin:swc-loader",
    options: { jsc: { parser, target: "es2022" } },
    type: "javascript/auto",
  };
}

function entryScripts(all: readonly Stats[]): string[] {
  const problems = all.flatMap((stats) => stats.toJson({ all: false, errors: true }).errors ?? []);
  if (problems.length > 0)
    throw new BuildError(
      problems
        .slice(0, 3)
        .map((problem) => problem.message)
        .join("\n"),
    );
  const { entrypoints } = all[0]?.toJson({ all: false, entrypoints: true }) ?? {};
  return (entrypoints?.["main"]?.assets ?? [])
    .map(({ name }) => name)
    .filter((name) => name.endsWith(".js"));
}
