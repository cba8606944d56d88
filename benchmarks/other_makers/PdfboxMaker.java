import java.io.*;
import java.security.*;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.*;
import org.apache.pdfbox.cos.*;
import org.apache.pdfbox.pdmodel.*;
import org.apache.pdfbox.pdmodel.common.PDRectangle;
import org.apache.pdfbox.pdmodel.interactive.annotation.*;
import org.apache.pdfbox.pdmodel.interactive.digitalsignature.*;
import org.apache.pdfbox.pdmodel.interactive.form.*;
import org.bouncycastle.cert.jcajce.JcaCertStore;
import org.bouncycastle.cms.*;
import org.bouncycastle.cms.jcajce.JcaSignerInfoGeneratorBuilder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.jcajce.*;

/** What PDFBox does to a PDF, with Bouncy Castle's CMS: ACTION SOURCE TARGET KEY=VALUE... */
public class PdfboxMaker {
    static final Map<String, String> said = new HashMap<>();

    public static void main(String[] args) throws Exception {
        Security.addProvider(new BouncyCastleProvider());
        for (int i = 3; i < args.length; i++) {
            String[] pair = args[i].split("=", 2);
            said.put(pair[0], pair[1]);
        }
        try (PDDocument document = PDDocument.load(new File(args[1]));
             OutputStream target = new FileOutputStream(args[2])) {
            if (args[0].equals("sign")) sign(document);
            else change(args[0], document);
            document.saveIncremental(target);
        }
    }

    static void sign(PDDocument document) throws Exception {
        PDSignature signature = new PDSignature();
        signature.setFilter(PDSignature.FILTER_ADOBE_PPKLITE);
        signature.setSubFilter(PDSignature.SUBFILTER_ADBE_PKCS7_DETACHED);
        signature.setName("Clerk");
        signature.setSignDate(Calendar.getInstance());
        if (said.containsKey("level")) certify(document, signature, Integer.parseInt(said.get("level")));
        document.addSignature(signature, content -> envelope(content));
    }

    static void certify(PDDocument document, PDSignature signature, int level) {
        COSDictionary settings = new COSDictionary();
        settings.setItem(COSName.TYPE, COSName.getPDFName("TransformParams"));
        settings.setInt(COSName.P, level);
        settings.setName(COSName.V, "1.2");
        COSDictionary reference = new COSDictionary();
        reference.setItem(COSName.TYPE, COSName.getPDFName("SigRef"));
        reference.setItem("TransformMethod", COSName.getPDFName("DocMDP"));
        reference.setItem("TransformParams", settings);
        COSArray references = new COSArray();
        references.add(reference);
        signature.getCOSObject().setItem("Reference", references);
        COSDictionary catalog = document.getDocumentCatalog().getCOSObject();
        COSDictionary permissions = new COSDictionary();
        permissions.setItem("DocMDP", signature);
        catalog.setItem("Perms", permissions);
        catalog.setNeedToBeUpdated(true);
    }

    static byte[] envelope(InputStream content) throws IOException {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(new FileInputStream(said.get("p12")), said.get("password").toCharArray());
            String alias = store.aliases().nextElement();
            PrivateKey key = (PrivateKey) store.getKey(alias, said.get("password").toCharArray());
            Certificate[] chain = store.getCertificateChain(alias);
            CMSSignedDataGenerator made = new CMSSignedDataGenerator();
            String algorithm = said.getOrDefault("algorithm", "SHA256WithRSA");
            ContentSigner signer = new JcaContentSignerBuilder(algorithm).setProvider("BC").build(key);
            JcaSignerInfoGeneratorBuilder builder = new JcaSignerInfoGeneratorBuilder(
                new JcaDigestCalculatorProviderBuilder().setProvider("BC").build());
            builder.setDirectSignature(said.containsKey("direct"));
            made.addSignerInfoGenerator(builder.build(signer, (X509Certificate) chain[0]));
            made.addCertificates(new JcaCertStore(Arrays.asList(chain)));
            return made.generate(new CMSProcessableByteArray(content.readAllBytes()), false).getEncoded();
        } catch (GeneralSecurityException | CMSException | org.bouncycastle.operator.OperatorException fault) {
            throw new IOException(fault);
        }
    }

    static void change(String action, PDDocument document) throws Exception {
        PDDocumentCatalog catalog = document.getDocumentCatalog();
        if (action.equals("fill")) {
            PDAcroForm form = catalog.getAcroForm();
            PDField field = form.getField(said.get("name"));
            field.setValue(said.get("value"));
            catalog.getCOSObject().setNeedToBeUpdated(true);
            form.getCOSObject().setNeedToBeUpdated(true);
            field.getCOSObject().setNeedToBeUpdated(true);
            for (PDAnnotationWidget widget : field.getWidgets()) {
                widget.getCOSObject().setNeedToBeUpdated(true);
                widget.getAppearance().getCOSObject().setNeedToBeUpdated(true);
                widget.getNormalAppearanceStream().getCOSObject().setNeedToBeUpdated(true);
            }
        }
        if (action.equals("note")) {
            PDPage page = document.getPage(0);
            PDAnnotationText note = new PDAnnotationText();
            note.setContents("Seen");
            note.setRectangle(new PDRectangle(540, 740, 20, 20));
            page.getAnnotations().add(note);
            catalog.getCOSObject().setNeedToBeUpdated(true);
            document.getPages().getCOSObject().setNeedToBeUpdated(true);
            page.getCOSObject().setNeedToBeUpdated(true);
        }
        if (action.equals("describe")) {
            document.getDocumentInformation().setTitle("Another title");
            document.getDocumentInformation().getCOSObject().setNeedToBeUpdated(true);
        }
    }
}
