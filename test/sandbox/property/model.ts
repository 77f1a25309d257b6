import { expect } from 'vitest';
import type { AnswerCheck } from './api-client.ts';
import { ApiClient } from './api-client.ts';
import type { Partner, Status, Step } from './steps.ts';
import type { Received, Target } from './target.ts';

interface Order {
  readonly id: string;
  readonly partner: Partner;
  readonly business: string;
  readonly madeOnDay: number;
  status: Status;
  isDeleted: boolean;
  msn?: string;
}
interface Unit {
  readonly msn: string;
  readonly partner: Partner;
  readonly business: string;
  readonly name: string;
  isActive: boolean;
}

const DAY_MS = 86_400_000;
const SCHEME = 'business:NO:ORG';
const rank = { RECEIVED: 0, MERCHANT_VIEWED: 1, ORDER_SUBMITTED: 2, COMPLETED: 3, REJECTED: 3, EXPIRED: 9 };

/** Takes the steps in the sandbox and in a model of it, and compares the two at every step. */
export async function runSteps(
  target: Target,
  checkAnswer: AnswerCheck,
  steps: readonly Step[],
): Promise<void> {
  const model = new Model(target, checkAnswer);
  await model.begin();
  for (const [at, next] of steps.entries()) {
    try {
      await model.live(next);
    } catch (error) {
      throw new Error(`Step ${at}, ${JSON.stringify(next)}: ${error}`, { cause: error });
    }
  }
}

class Model {
  readonly #target: Target;
  readonly #client: ApiClient;
  #day = 0;
  #orders: Order[] = [];
  #units: Unit[] = [];
  #closed = new Set<string>();
  #answers = new Map<string, { meaning: string; received: Received }>();
  readonly #before = { orders: new Map<Partner, number>(), units: new Map<Partner, number>() };

  constructor(target: Target, checkAnswer: AnswerCheck) {
    this.#target = target;
    this.#client = new ApiClient(target, checkAnswer, () => this.#day);
  }

  async begin(): Promise<void> {
    await this.#target.control('state/reset');
    for (const name of ['partner', 'otherPartner'] as const) {
      this.#before.orders.set(name, (await this.#list(name, true)).length);
      this.#before.units.set(name, (await this.#unitList(name)).length);
    }
  }

  async live(next: Step): Promise<void> {
    this.#expire();
    switch (next.do) {
      case 'order':
        return this.#order(next);
      case 'move':
        return this.#move(next.place, next.to);
      case 'delete':
        return this.#delete(next.place, next.partner);
      case 'details':
        return this.#details(next.place, next.partner);
      case 'list':
        return this.#compareOrders(next.partner, next.expired);
      case 'units':
        return this.#compareUnits(next.partner);
      case 'wait':
        await this.#target.control('clock', { advanceMs: next.days * DAY_MS });
        this.#day += next.days;
        return;
      case 'closeUnit':
        return this.#closeUnit(next.place);
      case 'closeMerchant':
        return this.#closeMerchant(next.business);
      case 'forget':
        await this.#target.control('state/reset');
        this.#orders = [];
        this.#units = [];
        this.#closed = new Set();
        this.#answers = new Map();
        return;
    }
  }

  async #order({ partner: name, business: id, key, variant }: Extract<Step, { do: 'order' }>): Promise<void> {
    const identifier = { scheme: SCHEME, id };
    const productType = variant === 'broken' ? 'NOTHING' : variant === 'other' ? 'CASHIER' : 'LOGIN';
    const order = { businessIdentifier: identifier, productType, salesUnitName: `Shop ${id}` };
    // The order of its properties is no part of a request's meaning.
    const sent = variant === 'shuffled' ? Object.fromEntries(Object.entries(order).reverse()) : order;
    const meaning = JSON.stringify(order);
    const known = this.#answers.get(`${name} ${key}`);
    const status = known
      ? known.meaning === meaning
        ? known.received.status
        : 409
      : variant === 'broken'
        ? 400
        : 201;
    const received = await this.#client.ask(name, 'POST', '/management/v1/product-orders', [status], {
      body: JSON.stringify(sent),
      headers: { 'content-type': 'application/json', 'idempotency-key': `key-${key}` },
    });
    if (known) {
      if (status !== 409) expect(received).toEqual(known.received);
      return;
    }
    this.#answers.set(`${name} ${key}`, { meaning, received });
    if (status !== 201) return;
    const { prefilledOrderId, prefillUrl } = JSON.parse(received.text);
    expect(this.#orders.map((other) => other.id)).not.toContain(prefilledOrderId);
    expect(prefillUrl).toContain(prefilledOrderId);
    this.#orders.push({
      id: prefilledOrderId,
      partner: name,
      business: id,
      madeOnDay: this.#day,
      status: 'RECEIVED',
      isDeleted: false,
    });
  }

  async #move(at: number, to: Status): Promise<void> {
    const order = this.#orderAt(at);
    if (!order) return;
    const isLate = rank[to] <= rank[order.status];
    const isClosed = to === 'COMPLETED' && this.#closed.has(order.business);
    const status = order.isDeleted ? 404 : isLate || isClosed ? 409 : 200;
    const received = await this.#target.control(`orders/${order.id}`, { status: to });
    expect(received.status).toBe(status);
    if (status !== 200) return;
    order.status = to;
    if (to !== 'COMPLETED') return;
    const { salesUnit } = JSON.parse(received.text);
    expect(this.#units.map(({ msn }) => msn)).not.toContain(salesUnit.msn);
    order.msn = salesUnit.msn;
    this.#units.push({ ...salesUnit, partner: order.partner, business: order.business, isActive: true });
  }

  async #delete(at: number, name: Partner): Promise<void> {
    const order = this.#orderAt(at);
    if (!order) return;
    const isHidden = order.isDeleted || order.partner !== name;
    const isOpen = rank[order.status] < rank.ORDER_SUBMITTED || order.status === 'EXPIRED';
    const status = isHidden ? 404 : isOpen ? 200 : 400;
    const received = await this.#client.ask(name, 'DELETE', `/management/v1/product-orders/${order.id}`, [
      status,
    ]);
    if (status !== 200) return;
    expect(received.text).toBe('');
    order.isDeleted = true;
  }

  async #details(at: number, name: Partner): Promise<void> {
    const order = this.#orderAt(at);
    if (!order) return;
    const status = order.isDeleted || order.partner !== name ? 404 : 200;
    const { text } = await this.#client.ask(
      name,
      'GET',
      `/management/v2/product-orders/${order.id}/details`,
      [status],
    );
    if (status === 200) expect(JSON.parse(text)).toMatchObject(this.#shown(order));
  }

  async #compareOrders(name: Partner, withExpired: boolean): Promise<void> {
    const made = this.#orders.filter((order) => order.partner === name && !order.isDeleted);
    const expected = made.filter(({ status }) => withExpired || status !== 'EXPIRED');
    const list = await this.#list(name, withExpired);
    const ids = new Set(this.#orders.map(({ id }) => id));
    const found = list.filter(({ productOrderId }) => ids.has(productOrderId));
    expect(found).toMatchObject(expected.map((order) => this.#shown(order)));
    expect(found).toHaveLength(expected.length);
    // Of the others none is gone: they only expire.
    if (withExpired) expect(list.length - found.length).toBe(this.#before.orders.get(name));
  }

  async #compareUnits(name: Partner): Promise<void> {
    const own = this.#units.filter((unit) => unit.partner === name);
    const open = own.filter((unit) => this.#isOpen(unit));
    const list = await this.#unitList(name);
    const msns = new Set(own.map(({ msn }) => msn));
    const found = list.filter(({ msn }) => msns.has(msn));
    expect(found).toEqual(open.map(({ msn, name: unitName }) => ({ msn, name: unitName })));
    expect(list.length - found.length).toBe(this.#before.units.get(name));
    for (const unit of own) {
      const { text, status } = await this.#client.ask(name, 'GET', `/management/v1/sales-units/${unit.msn}`, [
        this.#isOpen(unit) ? 200 : 404,
      ]);
      if (status === 200)
        expect(JSON.parse(text).businessIdentifier).toEqual({ scheme: SCHEME, id: unit.business });
    }
    for (const id of new Set(own.map((unit) => unit.business))) {
      const isSeen = open.some((unit) => unit.business === id);
      await this.#client.ask(name, 'GET', `/management/v1/merchants/${SCHEME}/${id}`, [isSeen ? 200 : 404]);
      const { text } = await this.#client.ask(
        name,
        'GET',
        `/management/v1/merchants/${SCHEME}/${id}/sales-units`,
        [isSeen ? 200 : 404],
      );
      if (isSeen) expect(JSON.parse(text)).toHaveLength(open.filter((unit) => unit.business === id).length);
    }
  }

  async #closeUnit(at: number): Promise<void> {
    const unit = this.#units[at % Math.max(1, this.#units.length)];
    if (!unit) return;
    expect((await this.#target.control(`sales-units/${unit.msn}/deactivate`)).status).toBe(204);
    unit.isActive = false;
  }

  async #closeMerchant(id: string): Promise<void> {
    const isKnown = this.#units.some((unit) => unit.business === id);
    const { status } = await this.#target.control(`merchants/${SCHEME}/${id}/deactivate`);
    expect(status).toBe(isKnown ? 204 : 404);
    if (isKnown) this.#closed.add(id);
  }

  #orderAt(at: number): Order | undefined {
    return this.#orders[at % Math.max(1, this.#orders.length)];
  }

  #shown({ id, status, business: businessId, msn }: Order): object {
    const unit = this.#units.find((candidate) => candidate.msn === msn);
    return {
      productOrderType: 'PREFILL',
      productOrderId: id,
      status,
      businessIdentifier: { scheme: SCHEME, id: businessId },
      // A unit that is closed is gone from the order that led to it, too.
      salesUnit: unit && this.#isOpen(unit) ? { msn, name: `Shop ${businessId}` } : null,
    };
  }

  #isOpen({ isActive, business: id }: Unit): boolean {
    return isActive && !this.#closed.has(id);
  }

  #expire(): void {
    for (const order of this.#orders) {
      const isOpen = rank[order.status] < rank.ORDER_SUBMITTED;
      if (isOpen && this.#day - order.madeOnDay >= 14) order.status = 'EXPIRED';
    }
  }

  async #list(name: Partner, withExpired: boolean): Promise<{ productOrderId: string }[]> {
    const path = `/management/v2/product-orders${withExpired ? '?includeExpired=true' : ''}`;
    return JSON.parse((await this.#client.ask(name, 'GET', path, [200])).text);
  }

  async #unitList(name: Partner): Promise<{ msn: string; name: string }[]> {
    return JSON.parse((await this.#client.ask(name, 'GET', '/management/v1/sales-units', [200])).text);
  }
}
