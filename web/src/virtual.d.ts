declare module "virtual:messages/*" {
  const table: import("./model/messages.ts").Table;
  export default table;
}
