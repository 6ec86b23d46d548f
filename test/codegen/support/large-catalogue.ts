import { catalogueFiles } from "../../../codegen/dist/docs/index.js";
import type { Manifest } from "../../../codegen/dist/manifest/index.js";
import type { LinkKind, UsageReport } from "../../../codegen/dist/usage/index.js";
import { manifestsOf, moduleOf } from "./versions.ts";

const services: Readonly<Record<string, readonly string[]>> = {
  accountsReceivable: [
    "chargeOutstandingInvoicesOfAllCustomersInRegion",
    "reconcilePaymentProviderSettlementsWithLedgerEntries",
    "sendPaymentReminderBeforeSuspensionOfSubscription",
    "refund",
  ],
  customerIdentity: [
    "verifyIdentityDocumentsAgainstGovernmentRegister",
    "mergeDuplicateCustomerProfilesIntoOldestProfile",
    "erase",
  ],
  documentProcessing: [
    "extractStructuredLineItemsFromScannedInvoiceImages",
    "renderContractualDocumentsInAllRequestedLanguages",
    "archiveSignedDocumentsInLongTermEvidenceStore",
    "thumbnail",
  ],
  inventoryForecasting: [
    "predictSeasonalDemandForWarehouseAndProductCategory",
    "orderReplacementStockFromPreferredSupplierOfWarehouse",
  ],
  notifications: ["notifyAccountManagerAboutFailedBackgroundOperation", "sendTransactionalEmailFromLocalizedTemplate"],
  shippingAndFulfilment: [
    "requestCustomsDeclarationForCrossBorderShipment",
    "reassignUndeliveredParcelsToNearestCollectionPoint",
    "printShippingLabelsForConsolidatedWarehouseOrders",
  ],
};
const verbs: readonly string[] = ["recalculate", "synchronize", "validate", "publish", "import", "export", "purge", "estimate"];
const objects: readonly string[] = ["CustomerLoyaltyBalances", "ExchangeRatesOfTreasury", "RegulatoryReportingFigures"];

/** Ten tasks for each service, most of them with names that a phone can't show on one line. */
function tasksOf(service: string): readonly string[] {
  const own = services[service] ?? [];
  const others = verbs.flatMap((verb) => objects.map((object) => `${verb}${object}`));
  return [...own, ...others.filter((_, index) => (index + own.length) % 2 === 0)].slice(0, 10);
}

/** Everything a task can have, in different measure. */
function taskText(service: string, name: string, index: number): string {
  const words = name.replaceAll(/(?=[A-Z])/g, " ").toLowerCase();
  const first = `order: ${index % 2 === 0 ? "Order" : "z.object({ id: z.uuid(), at: z.date().optional() })"},`;
  return `
  /**
   * Will ${words}. Runs at most once an hour for each customer, and tells \`${service}\` [how it went](https://example.com/runbook).
   *
   * - The figures of the day before are kept until the new ones are complete.
   * - See \`https://intranet.example.com/runbooks/${service}/${name}/what-to-do-when-it-fails\`.
   ${index === 7 ? "* @deprecated use the one that takes a list of orders" : ""}
   */
  ${name}: task({
    params: {
      ${first}
      ${
        index % 3 === 0
          ? `options: z.object({
        strictlyRejectUnknownCurrencies: z.boolean().default(true),
        correspondenceLanguageOfTheCustomer: z.string().regex(/^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?(-x-[a-z0-9]{1,8})*$/).optional(),
        limits: z.object({ maximumAmountInMinorUnits: z.int().min(1).max(1_000_000).default(250_000) }).optional(),
      }).optional(),`
          : ""
      }
      ${index % 4 === 1 ? "channels: z.union([z.literal('transactional-email'), z.literal('registered-letter'), z.map(z.string(), z.bigint())]).optional()," : ""}
    },
    returns: z.object({ order: Order, numberOfProcessedRecords: z.int().min(0), warnings: z.array(z.string()).max(100) }),
    ${index % 2 === 0 ? "progress: z.tuple([z.number(), z.string()])," : ""}
    errors: { PaymentProviderTemporarilyUnavailable: unavailable, ${index % 5 === 0 ? "UnknownOrder: unknownOrder," : ""} },
    ${index % 3 === 1 ? 'retry: { limit: 8, delay: "2s", maxDelay: "10m", on: ["PaymentProviderTemporarilyUnavailable"] }, timeLimit: { soft: "1m", hard: "90s" },' : ""}
  }),`;
}

function contractText(service: string): string {
  return moduleOf(`
/** An order, as all services know it: what was bought, by whom, and how often. More than that is in the shop. */
export const Order = z.object({ id: z.uuid(), positions: z.array(z.object({ articleNumber: z.string(), quantity: z.int().min(1) })).max(500) });

const unavailable = z.object({ provider: z.string(), retryAfterSeconds: z.int() });
const unknownOrder = z.object({});

/** Does what ${service.replaceAll(/(?=[A-Z])/g, " ").toLowerCase()} is there for. Ask its team before you call it in bulk. */
export const ${service} = contract("${service}", { tasks: {
${tasksOf(service)
  .map((name, index) => taskText(service, name, index))
  .join("\n")}
} });`);
}

/** Every service links behind some tasks of others, and all tell the account manager when something fails. */
function report(): UsageReport {
  const names = Object.keys(services);
  const place = { line: 1, column: 1 };
  const at = (service: string, name: string) => ({ by: `@acme/${service}`, file: `src/handlers/${name}.ts`, ...place });
  const link = (from: number, to: number, task: number, kind: LinkKind) => {
    const [parent = "", callback = ""] = [from, to].map((index) => names[index % names.length] ?? "");
    const [first = "", second = ""] = [tasksOf(parent)[task], tasksOf(callback)[task + 1]];
    return { kind, parent: `${parent}.${first}`, callback: `${callback}.${second}`, ...at(parent, first) };
  };
  const failing = Object.entries(services).flatMap(([service, tasks]) =>
    tasks.slice(0, 2).map((task) => ({
      kind: "linkError" as const,
      parent: `${service}.${task}`,
      callback: "notifications.notifyAccountManagerAboutFailedBackgroundOperation",
      ...at(service, task),
    })),
  );
  return {
    usage: 1,
    contracts: names.map((contract) => ({ contract, package: `@acme/${contract}` })),
    uses: names.flatMap((contract) =>
      tasksOf(contract).map((task) => ({
        contract,
        task: `${contract}.${task}`,
        kind: "handle" as const,
        ...at(contract, task),
      })),
    ),
    links: [
      ...failing.filter(({ parent, callback }) => parent !== callback),
      link(0, 2, 0, "link"),
      link(2, 0, 1, "link"),
      link(2, 5, 0, "chain"),
      link(5, 3, 1, "chain"),
      link(1, 1, 0, "link"),
      link(3, 5, 0, "chord"),
      { kind: "link", parent: `customerIdentity.erase`, callback: "legacyCrm.removeContact", ...at("customerIdentity", "erase") },
      { kind: "link", parent: null, callback: "accountsReceivable.refund", ...at("accountsReceivable", "refund") },
    ],
    unresolved: [],
  };
}

/** Contracts of 6 services with 60 tasks, and who links them. */
export function largeInput(): { readonly manifests: readonly Manifest[]; readonly reports: readonly UsageReport[] } {
  const modules = Object.fromEntries(Object.keys(services).map((service) => [service, contractText(service)]));
  return { manifests: [...manifestsOf(modules, (folder) => `@acme/${folder}-contract`).values()], reports: [report()] };
}

/** The HTML of a catalogue of them. */
export function largeCatalogue(): string {
  const { manifests, reports } = largeInput();
  const files = catalogueFiles(manifests, reports, { title: "Background tasks of Acme", generator: "@ligature/codegen@1.2.3" });
  return files.find(({ path }) => path === "index.html")?.text ?? "";
}
