// What JavaScript libraries do to a PDF: TOOL ACTION SOURCE TARGET KEY=VALUE...
import { createRequire } from "node:module";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

const need = createRequire(path.join(process.env.MAKERS_NODE, "package.json"));
const [tool, action, source, target, ...rest] = process.argv.slice(2);
const said = Object.fromEntries(rest.map((one) => one.split(/=(.*)/s).slice(0, 2)));
const pdf = source === "-" ? null : readFileSync(source);
const p12 = said.p12 ? readFileSync(said.p12) : null;

async function withSignpdf(placed) {
  const { SignPdf } = need("@signpdf/signpdf");
  const { P12Signer } = need("@signpdf/signer-p12");
  return new SignPdf().sign(placed, new P12Signer(p12, { passphrase: said.password }));
}

const details = { reason: "Approved", contactInfo: "clerk", name: "Clerk", location: "Here", signatureLength: 12000 };

const tools = {
  "signpdf-plain": {
    sign: async () => withSignpdf(need("@signpdf/placeholder-plain").plainAddPlaceholder({ pdfBuffer: pdf, ...details })),
    cades: async () =>
      withSignpdf(need("@signpdf/placeholder-plain").plainAddPlaceholder({ pdfBuffer: pdf, ...details, subFilter: "ETSI.CAdES.detached" })),
  },
  "signpdf-pdf-lib": {
    sign: async () => {
      const { PDFDocument } = need("pdf-lib");
      const pdfDoc = await PDFDocument.load(pdf);
      need("@signpdf/placeholder-pdf-lib").pdflibAddPlaceholder({ pdfDoc, ...details });
      return withSignpdf(Buffer.from(await pdfDoc.save({ useObjectStreams: false })));
    },
  },
  "pdf-lib": {
    form: async () => {
      const { PDFDocument } = need("pdf-lib");
      const made = await PDFDocument.create();
      const page = made.addPage([612, 792]);
      page.drawText("The city pays 100 dollars.", { x: 72, y: 700, size: 14 });
      const form = made.getForm();
      form.createTextField("name").addToPage(page, { x: 72, y: 600, width: 150, height: 20 });
      form.createCheckBox("agreed").addToPage(page, { x: 72, y: 520, width: 20, height: 20 });
      return made.save({ useObjectStreams: said.packed === "yes" });
    },
  },
  "node-signpdf": {
    sign: async () => {
      const { SignPdf } = need("node-signpdf");
      const helpers = need("node-signpdf/dist/helpers");
      return new SignPdf().sign(helpers.plainAddPlaceholder({ pdfBuffer: pdf, ...details }), p12, { passphrase: said.password });
    },
  },
  zga: {
    sign: async () => {
      const Zga = need("zgapdfsigner");
      const wishes = { p12cert: p12, pwd: said.password, reason: "Approved" };
      if (said.level) wishes.permission = Number(said.level);
      if (said.tsa) wishes.signdate = { url: said.tsa };
      if (said.box) wishes.drawinf = { area: { x: 320, y: 700, w: 200, h: 50 }, textInfo: { text: "Signed", size: 12 } };
      return new Zga.PdfSigner(wishes).sign(pdf);
    },
    stamp: async () => new (need("zgapdfsigner").PdfSigner)({ signdate: { url: said.tsa } }).sign(pdf),
  },
  "sign-pdf-lib": {
    sign: async () => {
      const { PdfDigitalSigner } = need("sign-pdf-lib");
      const signer = new PdfDigitalSigner({ signatureLength: 12000, signatureComputer: { certificate: p12, password: said.password } });
      const wishes = { pageNumber: 1, name: said.field, signature: { name: "Clerk", location: "Here", reason: "Approved", contactInfo: "x" } };
      return signer.signAsync(pdf, wishes);
    },
  },
  documenso: {
    // Makes the CMS alone: source is what is covered.
    envelope: async () => need("@documenso/pdf-sign").signWithP12({ content: pdf, cert: p12, password: said.password }),
  },
  fot: {
    sign: async () => {
      const { signPdf } = await import(path.join(process.env.MAKERS_NODE, "node_modules/@f-o-t/e-signature/dist/index.js"));
      const wishes = { certificate: { p12, password: said.password }, reason: "Approved", appearance: said.box ? undefined : false };
      if (said.box) wishes.appearance = { x: 320, y: 40, width: 200, height: 80, page: 0 };
      if (said.level) wishes.docMdpPermission = Number(said.level);
      return signPdf(pdf, wishes);
    },
  },
};

writeFileSync(target, Buffer.from(await tools[tool][action]()));
