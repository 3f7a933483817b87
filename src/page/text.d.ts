declare module "*.css" {
  const text: string;
  export = text;
}

declare module "*.browser.js" {
  const text: string;
  export = text;
}
