import com.itextpdf.text.Rectangle;
import com.itextpdf.text.pdf.*;
import com.itextpdf.text.pdf.security.*;
import java.io.*;
import java.nio.file.*;
import java.security.*;
import java.security.cert.Certificate;
import java.util.*;
import org.bouncycastle.jce.provider.BouncyCastleProvider;

/** What iText 5 does to a PDF: ACTION SOURCE TARGET KEY=VALUE... */
public class Itext5Maker {
    static final Map<String, String> said = new HashMap<>();

    public static void main(String[] args) throws Exception {
        Security.addProvider(new BouncyCastleProvider());
        for (int i = 3; i < args.length; i++) {
            String[] pair = args[i].split("=", 2);
            said.put(pair[0], pair[1]);
        }
        PdfReader reader = new PdfReader(args[1]);
        try (OutputStream target = new FileOutputStream(args[2])) {
            if (args[0].equals("sign") || args[0].equals("stamp")) sign(args[0], reader, target);
            else change(args[0], reader, target);
        }
    }

    static void sign(String action, PdfReader reader, OutputStream target) throws Exception {
        PdfStamper stamper = PdfStamper.createSignature(reader, target, '\0', null, true);
        PdfSignatureAppearance look = stamper.getSignatureAppearance();
        TSAClient clock = said.containsKey("tsa") ? new TSAClientBouncyCastle(said.get("tsa")) : null;
        if (action.equals("stamp")) {
            LtvTimestamp.timestamp(look, clock, said.get("field"));
            return;
        }
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(new FileInputStream(said.get("p12")), said.get("password").toCharArray());
        String alias = store.aliases().nextElement();
        PrivateKey key = (PrivateKey) store.getKey(alias, said.get("password").toCharArray());
        Certificate[] chain = store.getCertificateChain(alias);
        Rectangle box = said.containsKey("box") ? new Rectangle(320, 40, 520, 90) : new Rectangle(0, 0);
        look.setVisibleSignature(box, 1, said.get("field"));
        look.setReason("Approved");
        if (said.containsKey("level")) look.setCertificationLevel(Integer.parseInt(said.get("level")));
        boolean isCades = !said.getOrDefault("standard", "cades").equals("cms");
        MakeSignature.signDetached(look, new BouncyCastleDigest(),
            new PrivateKeySignature(key, said.getOrDefault("digest", "SHA-256"), "BC"), chain, null, null,
            clock, 0, isCades ? MakeSignature.CryptoStandard.CADES : MakeSignature.CryptoStandard.CMS);
    }

    static void change(String action, PdfReader reader, OutputStream target) throws Exception {
        PdfStamper stamper = new PdfStamper(reader, target, '\0', true);
        if (action.equals("fill")) stamper.getAcroFields().setField(said.get("name"), said.get("value"));
        if (action.equals("note")) stamper.addAnnotation(PdfAnnotation.createText(stamper.getWriter(),
            new Rectangle(540, 740, 560, 760), "Clerk", "Seen", false, "Comment"), 1);
        if (action.equals("describe")) {
            Map<String, String> information = reader.getInfo();
            information.put("Title", "Another title");
            stamper.setMoreInfo(information);
        }
        if (action.equals("store")) {
            LtvVerification data = stamper.getLtvVerification();
            byte[] certificate = Files.readAllBytes(Paths.get(said.get("certificate")));
            byte[] list = Files.readAllBytes(Paths.get(said.get("crl")));
            for (String name : stamper.getAcroFields().getSignatureNames())
                data.addVerification(name, null, List.of(list), List.of(certificate));
        }
        stamper.close();
    }
}
