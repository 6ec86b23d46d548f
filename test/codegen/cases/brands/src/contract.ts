import { contract, task } from "ligature/contract";
import { z } from "zod";

/** An ordinary string, and one that was checked to be an order's. */
export const Id = z.string().min(1);
export const OrderId = Id.brand("OrderId");
export const Amount = z.number().brand<"Amount", "inout">();

/** Brands in all kinds of places. */
export const Order = z
  .object({
    id: OrderId,
    customer: Id.brand("CustomerId"),
    total: Amount,
    lines: z.array(z.object({ sku: z.string().brand("Sku"), count: z.int().positive() })).min(1),
    byRegion: z.record(z.string(), z.number().optional().brand("Share")),
    note: z.string().brand("Note").optional(),
  })
  .brand("Order");

/** Generic over a schema: what it makes is only known where it is used. */
function page<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item), next: z.string().brand("Cursor").nullable() });
}

export const OrderPage = page(Order);

/** What a predicate narrows to, written and inferred. */
export const Even = z.number().refine((value): value is 2 | 4 | 6 => value % 2 === 0);
export const Known = z.enum(["a", "b", "c"]).refine((value) => value !== "c");
export const Long = z.string().refine((value) => value.length > 10);
export const FromText = z.coerce.number<string>().brand("FromText");

export const brands = contract("brands", {
  tasks: {
    place: task({ params: { id: OrderId, plain: Id, total: Amount }, returns: Order }),
    list: task({ params: { after: z.string().brand("Cursor").optional() }, returns: OrderPage }),
    ids: task({ params: { ids: z.array(OrderId.brand("Twice")) }, returns: page(OrderId), errors: { Gone: z.object({ id: OrderId }) } }),
    narrow: task({ params: { even: Even, known: Known, long: Long, text: FromText }, returns: z.tuple([Even, Known, FromText]), progress: Amount }),
  },
});
