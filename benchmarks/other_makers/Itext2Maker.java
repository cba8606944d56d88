import com.lowagie.text.Rectangle;
import com.lowagie.text.pdf.*;
import java.io.*;
import java.security.*;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.*;
import org.bouncycastle.cert.jcajce.JcaCertStore;
import org.bouncycastle.cms.*;
import org.bouncycastle.cms.jcajce.JcaSignerInfoGeneratorBuilder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.jcajce.*;

/** What iText 2 does to a PDF: ACTION SOURCE TARGET KEY=VALUE... */
public class Itext2Maker {
    static final Map<String, String> said = new HashMap<>();

    public static void main(String[] args) throws Exception {
        Security.addProvider(new BouncyCastleProvider());
        for (int i = 3; i < args.length; i++) {
            String[] pair = args[i].split("=", 2);
            said.put(pair[0], pair[1]);
        }
        PdfReader reader = new PdfReader(args[1]);
        try (OutputStream target = new FileOutputStream(args[2])) {
            if (args[0].equals("sign")) sign(reader, target);
            else change(args[0], reader, target);
        }
    }

    static void sign(PdfReader reader, OutputStream target) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(new FileInputStream(said.get("p12")), said.get("password").toCharArray());
        String alias = store.aliases().nextElement();
        PrivateKey key = (PrivateKey) store.getKey(alias, said.get("password").toCharArray());
        Certificate[] chain = store.getCertificateChain(alias);
        PdfStamper stamper = PdfStamper.createSignature(reader, target, '\0', null, true);
        PdfSignatureAppearance look = stamper.getSignatureAppearance();
        look.setReason("Approved");
        look.setLayer2Text("Approved");
        Rectangle box = said.containsKey("box") ? new Rectangle(320, 40, 520, 90) : new Rectangle(0, 0);
        look.setVisibleSignature(box, 1, said.get("field"));
        if (said.containsKey("level")) look.setCertificationLevel(Integer.parseInt(said.get("level")));
        PdfSignature signature = new PdfSignature(PdfName.ADOBE_PPKLITE, PdfName.ADBE_PKCS7_DETACHED);
        signature.setReason("Approved");
        signature.setDate(new PdfDate(look.getSignDate()));
        look.setCryptoDictionary(signature);
        HashMap<PdfName, Integer> room = new HashMap<>();
        room.put(PdfName.CONTENTS, 20002);
        look.preClose(room);
        byte[] made = envelope(key, chain, look.getRangeStream().readAllBytes());
        byte[] padded = new byte[10000];
        System.arraycopy(made, 0, padded, 0, made.length);
        PdfDictionary update = new PdfDictionary();
        update.put(PdfName.CONTENTS, new PdfString(padded).setHexWriting(true));
        look.close(update);
    }

    static byte[] envelope(PrivateKey key, Certificate[] chain, byte[] content) throws Exception {
        CMSSignedDataGenerator made = new CMSSignedDataGenerator();
        ContentSigner signer = new JcaContentSignerBuilder("SHA256WithRSA").setProvider("BC").build(key);
        made.addSignerInfoGenerator(new JcaSignerInfoGeneratorBuilder(
            new JcaDigestCalculatorProviderBuilder().setProvider("BC").build())
            .build(signer, (X509Certificate) chain[0]));
        made.addCertificates(new JcaCertStore(Arrays.asList(chain)));
        return made.generate(new CMSProcessableByteArray(content), false).getEncoded();
    }

    @SuppressWarnings("unchecked")
    static void change(String action, PdfReader reader, OutputStream target) throws Exception {
        PdfStamper stamper = new PdfStamper(reader, target, '\0', true);
        if (action.equals("fill")) stamper.getAcroFields().setField(said.get("name"), said.get("value"));
        if (action.equals("note")) stamper.addAnnotation(PdfAnnotation.createText(stamper.getWriter(),
            new Rectangle(540, 740, 560, 760), "Clerk", "Seen", false, "Comment"), 1);
        if (action.equals("describe")) {
            HashMap<String, String> information = reader.getInfo();
            information.put("Title", "Another title");
            stamper.setMoreInfo(information);
        }
        stamper.close();
    }
}
