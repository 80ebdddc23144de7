// Drives the dashboard as a person would; fails with what was not as expected.
"use strict";
const assert = require("node:assert/strict");
const { chromium } = require("playwright-core");

const QUIET = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync",
];

async function login(page, base, token) {
  await page.goto(`${base}/login`);
  await page.fill("#token", token);
  await page.click("button.primary");
  await page.waitForURL((url) => url.pathname !== "/login");
}

const JOBS = {
  // Login, toggle, rollout, undo, search, logout.
  async work(browser, base, token) {
    const context = await browser.newContext();
    const page = await context.newPage();
    const foreign = [];
    page.on("request", (request) => request.url().startsWith(base) || foreign.push(request.url()));
    page.on("pageerror", (error) => assert.fail(error));
    await page.goto(`${base}/flags/use_v3_style?user=u-1`);
    assert.equal(new URL(page.url()).pathname, "/login", "nobody is shown anything without a token");
    await page.fill("#token", "ffa_wrong");
    await page.click("button.primary");
    assert.match(await page.textContent("[role=alert]"), /none of this server/);
    await page.fill("#token", token);
    await page.click("button.primary");
    assert.equal(new URL(page.url()).pathname, "/flags/use_v3_style", "back to where one wanted to go");
    assert.equal(await page.evaluate(() => document.cookie), "", "no script can read the token");

    await page.goto(base);
    const rows = page.locator("#flags tbody tr");
    assert.equal(await rows.count(), 9);
    await page.keyboard.press("/");
    await page.keyboard.type("style-team");
    assert.equal(await page.locator("#flags tbody tr:visible").count(), 2, "found while typing");
    await page.click("nav.choices a:has-text('Partial')");
    assert.equal(await rows.count(), 4);

    await page.goto(`${base}/flags/use_v3_style`);
    await page.click("button.switch");
    const forecast = page.locator("#forecast .forecast");
    await forecast.waitFor();
    assert.match(await forecast.textContent(), /50,000\s*join/, "the forecast stands before the change");
    await page.fill(".apply input[name=reason]", "a try");
    await page.click(".apply button");
    assert.match(await page.textContent("[role=status]"), /journal 1/);
    assert.equal(await page.textContent(".title .state"), "on");

    await page.goto(`${base}/flags/use_deepseek_critic`);
    await page.fill("#percent", "40");
    await forecast.waitFor();
    assert.match(await forecast.textContent(), /10%\s*→\s*40%/);
    assert.equal(await page.inputValue("#rollout"), "40", "the slider follows the number");
    await page.click(".apply button");
    assert.equal(await page.textContent(".title .state"), "40%");

    await page.click("nav >> text=Journal");
    await page.click("#entry-2 .undo");
    await page.click(".apply button");
    assert.match(await page.textContent("[role=status]"), /journal 3/);
    await page.goto(`${base}/journal/2/undo`);
    assert.match(await page.textContent("[role=alert]"), /changed since/, "nothing is undone twice");
    await page.goto(`${base}/flags/use_deepseek_critic`);
    assert.equal(await page.textContent(".title .state"), "10%");

    await page.click("text=Log out");
    await page.goto(base);
    assert.equal(new URL(page.url()).pathname, "/login");
    assert.deepEqual(foreign, [], "nothing comes from elsewhere");
  },

  // Without scripts everything can be read, and changed.
  async plain(browser, base, token) {
    const page = await (await browser.newContext({ javaScriptEnabled: false })).newPage();
    await login(page, base, token);
    await page.fill("input[type=search]", "critic");
    await page.click(".search button");
    assert.equal(await page.locator("#flags tbody tr").count(), 1);
    await page.click("#flags a.name");
    await page.fill(".explain input[name=user]", "u-42");
    await page.click(".explain button");
    assert.match(await page.textContent(".verdict"), /u-42 gets (on|off)/);
    await page.click("button.switch");
    assert.match(await page.textContent("h1"), /Forecast/);
    await page.click(".apply button");
    assert.equal(await page.textContent(".title .state"), "off");
  },

  // Whatever stands in a field, it is text.
  async hostile(browser, base, token, attack) {
    const page = await (await browser.newContext()).newPage();
    page.on("dialog", (dialog) => assert.fail(`a script ran: ${dialog.message()}`));
    page.on("pageerror", (error) => assert.fail(error));
    await login(page, base, token);
    const text = encodeURIComponent(attack);
    const places = [
      "/", `/?q=${text}&show=${text}`, "/flags/hostile", `/flags/hostile?user=${text}&org=${text}&attributes=x=${text}`,
      `/flags/hostile?attributes=${text}`, `/flags/${text}`, `/flags/hostile/preview?enabled=${text}`,
      `/flags/hostile/preview?rollout=${text}`, "/flags/hostile/preview?enabled=on", "/experiments", "/journal",
      `/journal?flag=${text}`, "/journal/1/undo", `/login?next=${text}`,
    ];
    for (const place of places) {
      await page.goto(base + place);
      await page.waitForTimeout(50);
      const found = await page.evaluate(() => ({
        ran: window.attacked === true,
        made: document.querySelectorAll("img, iframe, [onerror], [onload], script:not([src])").length,
      }));
      assert.deepEqual(found, { ran: false, made: 0 }, place);
    }
    await page.goto(`${base}/flags/hostile`);
    assert.ok((await page.textContent("main")).includes(attack), "it is shown as it is");
  },
};

(async () => {
  const [chrome, job, ...rest] = process.argv.slice(2);
  const browser = await chromium.launch({ executablePath: chrome, args: QUIET });
  try {
    await JOBS[job](browser, ...rest);
  } finally {
    await browser.close();
  }
})().catch((error) => {
  console.error(error);
  process.exit(1);
});
